/** Movies for tests: frames made by formula, and FFmpeg as the second program that reads and writes them. */
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { onTestFinished } from 'vitest';
import type { RgbFrame } from '../src/platform/node/index.js';
import { isInstalled } from './e2e/programs.js';

/** Whether FFmpeg and ffprobe can be started. */
export const hasFfmpeg = isInstalled('ffmpeg', '-version') && isInstalled('ffprobe', '-version');

/** A folder that goes with the test. */
export async function newFolder(): Promise<string> {
  const folder = await mkdtemp(`${tmpdir()}/pareidolia-movie-`);
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Soft colours that move: no two frames are alike, and saturated reds, greens and blues are among them. */
export function frame(number: number, width = 91, height = 61): RgbFrame {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) {
    const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
    data[i] = 127.5 + 110 * Math.sin((x + 3 * number) / 17 + y / 23 + (c * 2 * Math.PI) / 3);
  }
  return { width, height, data };
}

/** How far two runs of samples are apart: the mean distance, and the mean difference of each colour. */
export function distance(a: Uint8Array, b: Uint8Array): { mean: number; bias: number[] } {
  const bias = [0, 0, 0];
  let sum = 0;
  for (let i = 0; i < a.length; i++) {
    sum += Math.abs(a[i]! - b[i]!);
    bias[i % 3]! += a[i]! - b[i]!;
  }
  return { mean: sum / a.length, bias: bias.map((total) => total / (a.length / 3)) };
}

/** What ffprobe says of a movie's pictures, after decoding all of them. */
export function probed(path: string): Record<string, string | number> & { tags: Record<string, string> } {
  const entries =
    'stream=codec_name,width,height,avg_frame_rate,nb_read_frames,color_space,color_range:format=duration:format_tags';
  const args = [
    '-v',
    'error',
    '-count_frames',
    '-select_streams',
    'v:0',
    '-show_entries',
    entries,
    '-of',
    'json',
    path,
  ];
  const { streams, format } = JSON.parse(ran('ffprobe', args).toString());
  return { ...streams[0], duration: Number(format.duration), tags: format.tags ?? {} };
}

/**
 * Every frame as FFmpeg decodes it, `[frames, height, width, 3]`, turned as the file says.
 *
 * @param chroma where a 4:2:0 chroma sample lies between its two columns; FFmpeg's scaler does not go by the codec
 */
export function decodedElsewhere(path: string, chroma: 'left' | 'centre' = 'left'): Uint8Array {
  const flags = 'accurate_rnd+full_chroma_int+full_chroma_inp+bilinear';
  const scale = `scale=in_h_chr_pos=${chroma === 'left' ? 0 : 128}:in_v_chr_pos=128:flags=${flags}`;
  const args = ['-v', 'error', '-i', path, '-vf', scale, '-fps_mode', 'passthrough'];
  return ran('ffmpeg', [...args, '-f', 'rawvideo', '-pix_fmt', 'rgb24', '-']);
}

/** The digest of every packet of sound. */
export function soundDigests(path: string): string[] {
  const text = ran('ffmpeg', [
    '-v',
    'error',
    '-i',
    path,
    '-map',
    '0:a',
    '-c',
    'copy',
    '-f',
    'framemd5',
    '-',
  ]).toString();
  const lines = text.split('\n').filter((line) => /^\d/.test(line));
  return lines.map((line) => line.split(',')[5]!.trim());
}

/** Makes a movie with FFmpeg: two seconds of a soft test picture of 96×64 at 25 frames a second, with a tone. */
export function make(path: string, ...args: readonly string[]): void {
  const picture = ['-f', 'lavfi', '-i', 'testsrc2=s=96x64:r=25:d=2,gblur=sigma=4'];
  const tone = ['-f', 'lavfi', '-i', 'sine=440:d=2'];
  ran('ffmpeg', ['-v', 'error', '-y', ...picture, ...tone, ...args, path]);
}

/** What a program writes to standard output. */
export function ran(program: string, args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync(program, args, { maxBuffer: 2 ** 28 });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`);
  return stdout;
}
