/**
 * Measures how fast everything is, part by part:
 *
 *     npm run bench -- [part…] [--sizes 299,512,910x605] [--rounds 7] [--threads 2] [--note TEXT]
 *
 * Run from the root of the repository; default: all parts, which takes the better part of an hour on two cores. What a
 * part finds is printed, kept in bench/results/ with the machine and the day, and written into docs/speed.md.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { machine } from './machine.js';
import type { BenchOptions, Finding, Part } from './part.js';
import { dreams } from './parts/dreams.bench.js';
import { passes } from './parts/passes.bench.js';
import { pixels } from './parts/pixels.bench.js';
import { steps } from './parts/steps.bench.js';
import { waiting } from './parts/waiting.bench.js';
import { web } from './parts/web.bench.js';
import { writeSpeedPage } from './speed-page.js';

const parts: readonly Part[] = [steps, passes, pixels, waiting, dreams, web];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sizes: { type: 'string', default: '224,299,512,910x605' },
    rounds: { type: 'string', default: '7' },
    threads: { type: 'string', default: '2' },
    note: { type: 'string' },
  },
});
const unknown = positionals.find((name) => !parts.some((part) => part.name === name));
if (unknown) throw new Error(`No part is called ${unknown}; there are ${parts.map(({ name }) => name).join(', ')}.`);
const options: BenchOptions = {
  sizes: values.sizes.split(',').map((text) => {
    const [width, height = width] = text.split('x').map(Number) as [number, number?];
    return { width, height };
  }),
  rounds: Number(values.rounds),
  threads: Number(values.threads),
};
await mkdir('bench/results', { recursive: true });
for (const part of parts.filter(({ name }) => positionals.length === 0 || positionals.includes(name))) {
  console.log(`\n${part.name}: ${part.about}\n`);
  const table = await part.run(options);
  const notes = [...table.notes, ...(values.note ? [values.note] : [])];
  const finding: Finding = { ...table, notes, part: part.name, about: part.about, machine: machine() };
  for (const row of [finding.header, ...finding.rows]) console.log(row.map(String).join(' | '));
  for (const note of finding.notes) console.log(`(${note})`);
  await writeFile(`bench/results/${part.name}.json`, `${JSON.stringify(finding, null, 2)}\n`);
}
await writeSpeedPage(parts.map(({ name }) => name));
