import { createHash, timingSafeEqual } from 'node:crypto';

/** Tokens that are easier to guess are refused. */
export const shortestToken = 16;

/** Whether an `Authorization` header holds the token; how long that takes says nothing about it. */
export function holdsToken(header: string | undefined, token: string): boolean {
  const given = /^Bearer ([\x21-\x7e]{1,512})$/.exec(header ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
