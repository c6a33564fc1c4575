import { closeSync, fsyncSync, openSync } from 'node:fs';
import { PGlite, type PGliteOptions } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** What PGlite uses of Emscripten's file systems. */
interface Emscripten {
  readonly FS: {
    readonly filesystems: {
      readonly NODEFS: {
        readonly stream_ops: { fsync?: (stream: Stream) => number };
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
 */
class SyncedFiles extends NodeFS {
  override async init(...given: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
    const { emscriptenOpts } = await super.init(...given);
    const syncs = ({ FS }: Emscripten): void => {
      const files = FS.filesystems.NODEFS;
      files.stream_ops.fsync = ({ nfd, node }) => {
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

/** How PGlite keeps a database in a folder, so that what was committed is on the disk. */
export function onDisk(folder: string): PGliteOptions {
  // Of its own settings, -F is the one that never asks the disk.
  const usual = PGlite.defaultStartParams.filter((word) => word !== '-F');
  return { fs: new SyncedFiles(folder), startParams: [...usual, ...settings] };
}
