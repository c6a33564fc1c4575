/**
 * Measures what dreams take at their peak, beside what their plans predict, and writes docs/memory.md:
 *
 *     node dist/bench/memory-table.js [megapixels…]
 *
 * Run from the root of the repository; default: every size in the table, which takes the better part of an hour on two
 * cores. With sizes given, the rows are printed and nothing is written. Every dream is a process of its own.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import sharp from 'sharp';

const run = promisify(execFile);
const allMegapixels = [0.25, 1, 4, 12, 24, 100];
const program = ['dist/apps/cli/main.js', 'dream'];
const brief = ['--steps', '1', '--octaves', '2', '--seed', '1', '--json'];

/** What `--plan --json` says, as far as it is of interest here. */
interface Planned {
  readonly tile: number;
  readonly storage: string;
  readonly peakMemoryBytes: number;
}

interface Row {
  readonly size: string;
  readonly limit: string;
  readonly planned: Planned;
  readonly measuredBytes: number;
}

async function measure(folder: string, megapixels: number, flags: readonly string[]): Promise<Row> {
  const [width, height] = [3, 2].map((side) => Math.round(side * Math.sqrt((megapixels * 1e6) / 6))) as [
    number,
    number,
  ];
  const photo = join(folder, `${megapixels}.jpg`);
  await sharp('examples/castle.jpg').resize(width, height, { fit: 'fill' }).jpeg({ quality: 90 }).toFile(photo);
  const said = async (...more: string[]): Promise<unknown> => {
    const { stdout } = await run(process.execPath, [...program, photo, ...brief, ...flags, ...more]);
    return JSON.parse(stdout);
  };
  const planned = (await said('--plan')) as Planned;
  const { peakMemoryBytes } = (await said('--quiet', '--force', '-o', join(folder, 'dream.png'))) as Planned;
  return { size: `${width}×${height}`, limit: flags[1] ?? '', planned, measuredBytes: peakMemoryBytes };
}

function rowText(megapixels: number, { size, limit, planned, measuredBytes }: Row): string {
  const megabytes = (bytes: number): string => String(Math.round(bytes / 1e6));
  const difference = (100 * (planned.peakMemoryBytes - measuredBytes)) / measuredBytes;
  const cells = [megapixels, size, limit, planned.tile, planned.storage, megabytes(planned.peakMemoryBytes)];
  return `| ${[...cells, megabytes(measuredBytes), `${difference.toFixed(0)} %`].join(' | ')} |`;
}

async function main(given: readonly string[]): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'pareidolia-memory-'));
  const rows: string[] = [];
  try {
    for (const megapixels of given.length > 0 ? given.map(Number) : allMegapixels) {
      const limits = megapixels === 4 ? [[], ['--max-memory', '500MB'], ['--max-memory', '460MB']] : [[]];
      for (const flags of limits) {
        rows.push(rowText(megapixels, await measure(folder, megapixels, flags)));
        console.log(rows.at(-1));
      }
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  if (given.length > 0) return;
  const page = `# Memory

What a dream takes at its peak: the resident set of the whole process, as the system counts it, beside what the plan
(\`--plan\`) predicts. Written by \`bench/memory-table.ts\` on ${process.platform} ${process.arch} with Node.js
${process.versions.node} and ${cpus().length} cores: the built-in network, one step on each of two octaves, a photo from a JPEG into a PNG.
*Limit* is \`--max-memory\`; without one a dream may take what is free. The side of the *tiles* follows from it. *Pictures*
says where they lie: small ones in memory, large ones in scratch files in the system's folder for temporary files
(\`TMPDIR\`), 36 bytes a pixel for the dream, its gradient and the next octave. Megabytes are millions of bytes.

| megapixels | size | limit | tile | pictures | predicted MB | measured MB | difference |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}

A dream that would take more than it may is refused before its first step, with the number. Some options look at a
picture as a whole and need it in memory at any size: \`--bands\`, \`--space fourier\`, \`--colour decorrelated\` and
\`--match histogram\`. The plan counts them.

A dreamed video takes 120 MB and 310 bytes a pixel of its frames besides, for OpenCV, optical flow and what is carried from frame
to frame; its plan counts them. With one octave the peak was 530 MB at 320×180, 711 MB at 640×360 and 1008 MB at 1280×720,
where the plan had said 499, 677 and 945 MB. Where memory is free, compiled graphs of further octaves are kept in it for the next
frame.
`;
  await writeFile('docs/memory.md', page);
}

await main(process.argv.slice(2));
