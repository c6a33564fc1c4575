/** Programs of others that tests read our files with, where they are installed. */
import { spawnSync } from 'node:child_process';

/** Whether a program can be started. */
export function isInstalled(program: string, versionFlag = '--version'): boolean {
  return spawnSync(program, [versionFlag]).error === undefined;
}

/** What a program writes to standard output. */
export function outputOf(program: string, args: readonly string[], input?: Uint8Array): string {
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}

/** Why tests of ImageMagick, exiftool and FFmpeg do not run. */
export const withoutImageMagick = "needs Debian's imagemagick";
export const withoutExiftool = "needs Debian's libimage-exiftool-perl";
export const withoutFfmpeg = "needs Debian's ffmpeg";
