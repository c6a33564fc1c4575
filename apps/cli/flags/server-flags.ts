import { type Command, Option as Flag } from 'commander';
import { parseOption } from '../../../src/index.js';
import { threadsFlag } from './flags.js';

/** The flags that servers and workers share. */
export interface ServiceFlags {
  readonly data?: string;
  readonly storage?: string;
  readonly s3Endpoint?: string;
  readonly jobs?: number;
  readonly threads?: number;
  readonly checkpointEvery?: number;
  readonly workerTimeout?: number;
}

/** A flag that is a number. */
export function numberFlag(flags: string, name: string, help: string, min: number, max: number): Flag {
  const option = { kind: 'number', default: min, min, max, group: 'output', help } as const;
  return new Flag(flags, help).argParser((value) => parseOption(name, option, value));
}

/** Adds the flags that servers and workers share. */
export function addServiceFlags(command: Command): void {
  command
    .option('--data <folder>', 'folder of the database, files and work in progress (default: PAREIDOLIA_DATA)')
    .option('--storage <place>', 'where files lie: s3://BUCKET/PREFIX (default: the data folder)')
    .option('--s3-endpoint <url>', "address of an S3-compatible service that is not Amazon's")
    .addOption(numberFlag('--jobs <number>', 'jobs', 'jobs that run at a time (default: 1)', 0, 256))
    .addOption(threadsFlag())
    .addOption(
      numberFlag(
        '--checkpoint-every <seconds>',
        'checkpointEvery',
        'least time between checkpoints of a job; 0 for one after every step (default: 0.5)',
        0,
        3600,
      ),
    )
    .addOption(
      numberFlag(
        '--worker-timeout <seconds>',
        'workerTimeout',
        'a worker that was not heard of for so long has lost its jobs (default: 15)',
        1,
        3600,
      ),
    );
}

/** The settings that the flags and the environment ask for. */
export function settingsOfFlags(flags: ServiceFlags) {
  const { data, storage, s3Endpoint, jobs, threads, checkpointEvery, workerTimeout } = flags;
  const milliseconds = (seconds: number | undefined) => (seconds === undefined ? undefined : seconds * 1000);
  return {
    dataFolder: data,
    databaseUrl: process.env['DATABASE_URL'] || undefined,
    storage,
    s3Endpoint,
    jobs,
    threads,
    checkpointEveryMs: milliseconds(checkpointEvery),
    silentMs: milliseconds(workerTimeout),
  };
}
