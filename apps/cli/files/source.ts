/** A picture to dream on. */
export interface Source {
  /** A file, or `-` for standard input. */
  readonly path: string;
  /** The folder it stands in, seen from the one that was named; empty for a file that was named itself. */
  readonly beneath: string;
}

/** What the command line names. */
export interface Sources {
  readonly pictures: readonly Source[];
  /** Whether these are many, of which one may fail: several names, or a folder, a glob or a list of any length. */
  readonly many: boolean;
}
