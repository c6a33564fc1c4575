/**
 * Every error the library throws on purpose, cut by who can act on it. Each message reads
 * "what, where: expected X, got Y. Remedy." Exit codes and HTTP statuses live in the apps, not here.
 *
 * Cancelling is not among them: a cancelled call throws its AbortSignal's reason.
 */

/** The stable names of the failures; written for programs, while `message` is written for people. */
export type ErrorCode =
  | 'option/unknown'
  | 'option/invalid'
  | 'option/layer'
  | 'image/missing'
  | 'image/unreadable'
  | 'image/format'
  | 'image/too-large'
  | 'image/too-small'
  | 'image/no-recipe'
  | 'movie/missing'
  | 'movie/unreadable'
  | 'movie/format'
  | 'movie/codec'
  | 'model/missing'
  | 'model/unreadable'
  | 'model/format'
  | 'model/truncated'
  | 'model/shape'
  | 'model/input-too-small'
  | 'model/unsupported'
  | 'gradient/missing-rule'
  | 'gradient/no-path'
  | 'memory/too-large'
  | 'platform/runtime'
  | 'platform/scratch'
  | 'output/busy'
  | 'output/exists'
  | 'output/write'
  | 'download/failed'
  | 'download/digest'
  | 'download/offline';

/** The root of all deliberate errors. `code` is stable across versions, `message` is not. */
export abstract class PareidoliaError extends Error {
  /** The stable name of what went wrong. */
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** The caller asked for something that does not exist or makes no sense: a wrong layer, number or flag. */
export class OptionError extends PareidoliaError {}

/** The picture (or the file that should hold one) cannot be used. */
export class ImageError extends PareidoliaError {}

/** The movie (or the file that should hold one) cannot be used. */
export class MovieError extends PareidoliaError {}

/** The model file is missing, damaged, hostile, or uses something this version does not read. */
export class ModelError extends PareidoliaError {}

/** The network cannot be differentiated between the chosen layers and the picture. */
export class GradientError extends PareidoliaError {}

/** The work does not fit into the memory it may use. */
export class MemoryError extends PareidoliaError {}

/** onnxruntime, or the machine under it, refused. `cause` holds its own error. */
export class PlatformError extends PareidoliaError {}

/** The result could not be written; nothing half-written is left behind. */
export class OutputError extends PareidoliaError {}

/** A model could not be fetched, or what came is not what it should be. Nothing unverified is ever used. */
export class DownloadError extends PareidoliaError {}

/**
 * Checks something that only a bug of this program can make false.
 *
 * @param condition what must hold
 * @param fact what was expected, for whoever reads the stack trace
 * @throws Error starting with `internal:` when the condition is false
 */
export function assert(condition: unknown, fact: string): asserts condition {
  if (!condition) throw new Error(`internal: ${fact}`);
}
