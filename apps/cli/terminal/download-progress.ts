import type { DownloadEvent } from '../../../src/platform/node/index.js';
import { durationText } from './bar.js';
import { LiveBlock } from './live-block.js';

/** Shows how a download goes. */
export interface DownloadView {
  handle(event: DownloadEvent): void;
  /** Puts the terminal right. Ending twice does nothing. */
  end(): void;
}

const redrawEveryMs = 100;
const barCells = 30;

/** Bytes as people say them: `9.1 MB`, `553 MB`. */
export function sizeText(bytes: number): string {
  const [unit, name] = bytes < 1e6 ? [1e3, 'kB'] : bytes < 1e9 ? [1e6, 'MB'] : [1e9, 'GB'];
  const size = bytes / unit;
  return `${size < 10 ? size.toFixed(1) : size.toFixed(0)} ${name}`;
}

/**
 * Says what is downloaded from where and, on terminals, how much has come.
 *
 * @param name what is downloaded
 * @param quiet says nothing at all
 */
export function createDownloadView(
  name: string,
  stream: NodeJS.WriteStream,
  env: NodeJS.ProcessEnv,
  quiet: boolean,
): DownloadView {
  if (quiet) return { handle: () => {}, end: () => {} };
  const live = stream.isTTY && env['TERM'] !== 'dumb';
  let [began, startBytes, drawnAt, last] = [0, 0, Number.NEGATIVE_INFINITY, ''];
  let host: string | undefined;
  let bytes = 0;
  let sizeBytes = 1;
  const block = live ? new LiveBlock(stream, env, () => draw()) : undefined;
  const draw = (): void => {
    drawnAt = performance.now();
    block?.draw([downloadLine(bytes, sizeBytes, bytes - startBytes, performance.now() - began, block.columns - 1)]);
  };
  const say = (text: string): void => {
    if (text === last) return;
    last = text;
    if (block) block.print(text);
    else stream.write(`${text}\n`);
  };
  return {
    handle(event) {
      if (event.type === 'asking') {
        ({ bytes, sizeBytes } = event);
        if (event.host !== host) {
          const rest = bytes > 0 ? `, of which ${sizeText(bytes)} are here` : '';
          say(`Downloading ${name} (${sizeText(sizeBytes)}${rest}) from ${event.host}`);
        }
        if (began === 0) [began, startBytes] = [performance.now(), bytes];
        host = event.host;
      } else if (event.type === 'progress') {
        bytes = event.bytes;
        if (performance.now() - drawnAt >= redrawEveryMs) draw();
      } else if (event.type === 'waiting') {
        say(`${event.reason}. Next attempt in ${durationText(event.delayMs)}.`);
      } else {
        draw();
      }
    },
    end() {
      block?.close();
    },
  };
}

/** One line: how much has come, how fast, and how long the rest will take. */
export function downloadLine(
  bytes: number,
  sizeBytes: number,
  freshBytes: number,
  elapsedMs: number,
  columns: number,
): string {
  const share = Math.min(1, bytes / sizeBytes);
  const cells = Math.round(share * barCells);
  const speed = elapsedMs > 500 ? (freshBytes / elapsedMs) * 1000 : 0;
  const rest = speed > 0 && bytes < sizeBytes ? `  ${durationText(((sizeBytes - bytes) / speed) * 1000)} left` : '';
  const parts = [
    `${String(Math.floor(share * 100)).padStart(3)} %`,
    `${sizeText(bytes)} of ${sizeText(sizeBytes)}${speed > 0 ? `  ${sizeText(speed)}/s` : ''}${rest}`,
  ];
  const bar = `▕${'█'.repeat(cells).padEnd(barCells)}▏`;
  const whole = `${parts[0]} ${bar}  ${parts[1]}`;
  return whole.length <= columns ? whole : parts.join('  ').slice(0, Math.max(1, columns));
}
