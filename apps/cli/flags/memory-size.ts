import { OptionError } from '../../../src/index.js';

const units: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  tb: 1e12,
  kib: 2 ** 10,
  mib: 2 ** 20,
  gib: 2 ** 30,
  tib: 2 ** 40,
};

/**
 * Bytes from text such as `1.5GiB` or `800 MB`, in any case; the prefixes with an i are powers of 1024.
 *
 * @throws OptionError `option/invalid` for anything else, and for less than one byte
 */
export function parseMemorySize(flag: string, text: string): number {
  const [, number = '', unit = ''] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]{1,3})\s*$/i.exec(text) ?? [];
  const bytes = Math.floor(Number(number) * (units[unit.toLowerCase()] ?? 0));
  if (bytes >= 1 && Number.isSafeInteger(bytes)) return bytes;
  const got = text.slice(0, 40).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  throw new OptionError('option/invalid', `${flag}: expected a size such as 800MB or 1.5GiB, got "${got}".`);
}
