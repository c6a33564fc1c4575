import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { PlatformError } from '../../../src/platform/node/index.js';
import { digestOfFile } from './staging.js';
import { checkDigest, type Staged, type Storage } from './storage.js';

/** Where the bucket is. Keys and region come from the usual places: `AWS_ACCESS_KEY_ID`, `AWS_REGION`, … */
export interface BucketOptions {
  /** The bucket, which must exist. */
  readonly bucket: string;
  /** What stands before the names of the objects. Default: nothing. */
  readonly prefix: string;
  /** Address of a service other than Amazon's, such as `http://127.0.0.1:9000`. */
  readonly endpoint?: string | undefined;
}

/**
 * Reads `s3://bucket/prefix`.
 *
 * @returns undefined for anything else
 */
export function parseBucket(text: string): Omit<BucketOptions, 'endpoint'> | undefined {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(text) ?? [];
  if (bucket === undefined) return undefined;
  return { bucket, prefix: prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/` };
}

/**
 * Keeps files in an S3-compatible bucket. The service shows an object only once all of it is there.
 *
 * @throws PlatformError when the package that speaks to S3 is not installed
 */
export async function bucketStorage({ bucket, prefix, endpoint }: BucketOptions): Promise<Storage> {
  const { S3Client, GetObjectCommand, PutObjectCommand, DeleteObjectCommand } = await loadSdk();
  // Services other than Amazon's often know no checksums but MD5; what is stored is read back and compared anyway.
  const client = new S3Client({
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    ...(endpoint !== undefined && { endpoint, forcePathStyle: true }),
  });
  const place = (sha256: string) => ({ Bucket: bucket, Key: `${prefix}${checkDigest(sha256)}` });
  const read = async (sha256: string): Promise<Readable | undefined> => {
    try {
      const { Body } = await client.send(new GetObjectCommand(place(sha256)));
      return Body as Readable;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  };
  const matches = async ({ sha256 }: Staged): Promise<boolean> => {
    const body = await read(sha256);
    if (!body) return false;
    const hash = createHash('sha256');
    for await (const chunk of body) hash.update(chunk as Buffer);
    return hash.digest('hex') === sha256;
  };
  return {
    name: `the bucket ${bucket}`,
    async keep(staged) {
      if (!(await matches(staged))) {
        const Body = createReadStream(staged.path);
        await client.send(new PutObjectCommand({ ...place(staged.sha256), Body, ContentLength: staged.sizeBytes }));
        if (!(await matches(staged))) throw new Error(`${bucket} does not hold what was stored in it`);
      }
      await rm(staged.path, { force: true });
    },
    read,
    async local(sha256, folder) {
      const body = await read(sha256);
      if (!body) throw new Error(`${sha256} is not in ${bucket}`);
      const path = join(folder, sha256);
      await pipeline(body, createWriteStream(path));
      if ((await digestOfFile(path)).sha256 !== sha256) throw new Error(`${sha256} in ${bucket} is damaged`);
      return path;
    },
    async remove(sha256) {
      await client.send(new DeleteObjectCommand(place(sha256)));
    },
  };
}

async function loadSdk() {
  try {
    return await import('@aws-sdk/client-s3');
  } catch (cause) {
    throw new PlatformError(
      'platform/runtime',
      's3: expected the package @aws-sdk/client-s3, got none. Install it: npm install @aws-sdk/client-s3',
      { cause },
    );
  }
}
