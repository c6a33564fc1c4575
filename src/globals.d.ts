/**
 * The few globals of the host that the portable library may use. Node and browsers both have them; listing them
 * here, instead of taking in DOM or Node types, lets the compiler keep everything else out.
 */

interface AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(input?: Uint8Array): string;
}

declare class TextEncoder {
  encode(input?: string): Uint8Array<ArrayBuffer>;
}

declare const performance: { now(): number };

declare const crypto: {
  readonly subtle: { digest(algorithm: 'SHA-256', data: Uint8Array<ArrayBuffer>): Promise<ArrayBuffer> };
  getRandomValues<T extends Uint32Array>(array: T): T;
};
