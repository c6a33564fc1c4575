import { closeSync, fsyncSync, openSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';
import { syncFolder } from './pack-folder.js';

/** What PGlite uses of Emscripten's file systems. */
interface Emscripten {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: {
        readonly stream_ops: {
          fsync?: (stream: Stream) => number;
          write: (stream: Stream, ...rest: unknown[]) => number;
        };
        readonly realPath: (node: unknown) => string;
      };
    };
  };
}

interface Stream {
  /** Number of the open file; absent for folders. */
  readonly nfd?: number;
  readonly node: unknown;
}

/**
 * Files of a folder that are put on the disk when PostgreSQL asks for it. PGlite's own pass over that: the log of what was
 * committed would then stay in memory, and after a checkpoint the tables themselves.
 *
 * What lies in the folder before it is opened must be on the disk already. After a crash PostgreSQL begins with asking for
 * all of it, file by file, which takes seconds: until something is written there is nothing to do.
 */
class SyncedFiles extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given);
    const syncs = ({ FS }: Emscripten): void => {
      const files = FS.filesystems.NODEFS;
      const { write } = files.stream_ops;
      let untouched = true;
      files.stream_ops.write = (stream, ...rest) => {
        // The number of the process is written first, and is worth nothing later.
        if (!files.realPath(stream.node).endsWith('postmaster.pid')) {
          untouched = false;
          files.stream_ops.write = write;
        }
        return write(stream, ...rest);
      };
      files.stream_ops.fsync = ({ nfd, node }) => {
        if (untouched) return 0;
        const file = nfd ?? openSync(files.realPath(node), 'r');
        fsyncSync(file);
        if (nfd === undefined) closeSync(file);
        return 0;
      };
    };
    const preRun = [...(emscriptenOpts.preRun as ((module: unknown) => void)[]), syncs as (module: unknown) => void];
    return { emscriptenOpts: { ...emscriptenOpts, preRun } };
  }
}

/** What PostgreSQL is told besides: to ask the disk in the way that comes through, and a cache that fits a queue. */
const settings = ['-c', 'wal_sync_method=fsync', '-c', 'shared_buffers=16MB'];

/** Opens a database in a folder, so that what was committed is on the disk. It is made where there is none. */
export async function openOnDisk(folder: string): Promise<PGlite> {
  await mkdir(folder, { recursive: true });
  await syncFolder(folder);
  // Of PGlite's own settings, -F is the one that never asks the disk.
  const usual = PGlite.defaultStartParams.filter((word) => word !== '-F');
  return PGlite.create({ fs: new SyncedFiles(folder), startParams: [...usual, ...settings] });
}
