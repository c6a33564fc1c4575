/** Why a request is refused, as clients are told: a stable name, a sentence, and the HTTP status. */
export class Refusal extends Error {
  /** The HTTP status. */
  readonly status: RefusalStatus;
  /** The stable name. */
  readonly code: string;
  /** Seconds after which it may be worth trying again. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: RefusalStatus, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The statuses that requests are refused with. */
export type RefusalStatus = 400 | 401 | 403 | 404 | 409 | 411 | 413 | 415 | 421 | 422 | 429 | 503 | 507;
