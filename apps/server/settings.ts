import { availableParallelism, homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** How a server or a worker is set up, with everything decided. */
export interface Settings {
  /** The folder of the embedded database, the files that are stored, and what is being worked on. */
  readonly dataFolder: string;
  /** `postgres://…`; undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  /** `s3://bucket/prefix`; undefined for the data folder. */
  readonly storage: string | undefined;
  /** Address of an S3-compatible service; undefined for Amazon's. */
  readonly s3Endpoint: string | undefined;
  /** How many jobs run here at a time; 0 for a server that leaves the work to others. */
  readonly jobs: number;
  /** Threads that each of them computes with. */
  readonly threads: number;
  /** The least time between the checkpoints of a job; 0 for one after every step. */
  readonly checkpointEveryMs: number;
  /** A worker that has not been heard of for so long is gone. */
  readonly silentMs: number;
  /** Unfinished jobs at a time, of all and of each client. */
  readonly limits: { readonly queue: number; readonly perClient: number };
  /** How long what is finished stays, and how many bytes of files there may be. */
  readonly retention: { readonly days: number; readonly bytes: number };
}

/** How to set up; what is left out has a default. */
export type GivenSettings = { readonly [K in keyof Settings]?: Settings[K] | undefined };

/** Fills in what was left out. */
export function settingsOf(given: GivenSettings): Settings {
  const jobs = given.jobs ?? 1;
  return {
    dataFolder: resolve(given.dataFolder ?? usualFolder()),
    databaseUrl: given.databaseUrl,
    storage: given.storage,
    s3Endpoint: given.s3Endpoint,
    jobs,
    threads: given.threads ?? Math.max(1, Math.floor(availableParallelism() / Math.max(1, jobs))),
    checkpointEveryMs: given.checkpointEveryMs ?? 500,
    silentMs: given.silentMs ?? 15_000,
    limits: given.limits ?? { queue: 1000, perClient: 100 },
    retention: given.retention ?? { days: 30, bytes: 20 * 2 ** 30 },
  };
}

/** `PAREIDOLIA_DATA`, or `pareidolia` in the platform's folder for such things. */
function usualFolder(): string {
  const { PAREIDOLIA_DATA: own, XDG_DATA_HOME: xdg, LOCALAPPDATA: local } = process.env;
  if (own) return own;
  const home = homedir();
  if (process.platform === 'win32') return join(local || join(home, 'AppData', 'Local'), 'pareidolia', 'Data');
  if (process.platform === 'darwin') return join(home, 'Library', 'Application Support', 'pareidolia');
  return join(xdg || join(home, '.local', 'share'), 'pareidolia');
}
