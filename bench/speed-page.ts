import { readFile, writeFile } from 'node:fs/promises';
import type { Finding } from './part.js';

const plotFile = 'docs/pictures/speed.svg';

/** What a profile of one step has shown, on the machine of the tables above it. */
const limits = `## What is left in float32

One step at 512×512 on one thread, from onnxruntime's profile, 2026-11-23, in ms:

| operators | ms |
| --- | --- |
| convolutions, at the peak of one thread | 259 |
| max-pools that tell where their maxima are, and the scattering of their gradients | 58 |
| transposed convolutions, three of them with stride 2 | 16 |
| masks of ReLUs, and products with them | 16 |
| between the runtime's layout of convolutions and the plain one | 10 |
| all others | 9 |

The convolutions alone take seven tenths of the step and cannot be faster. 80 % of the peak would leave 65 ms for all the
rest, which takes 109. Finding maxima by comparing whole tensors, in the layout of convolutions, makes the step 2 to 4 %
slower than asking for them does, so it is left to WebGPU, which cannot be asked. With two threads the scattering and the
zeros that it begins with, 25 ms of the 445 of a step at 910×605, stay on one of them.

## What is left in 8 bits

One step at 910×605 on two threads, 2026-11-24, in ms:

| part | ms |
| --- | --- |
| convolutions of bytes | 113 |
| masks, sums, maxima, and bytes moved between places | 60 |
| peaks, told by every fourth row | 8 |
| the runtime between its nodes, and tensors handed from thread to thread | 33 |
| the gradient's deviation and the move, in JavaScript | 26 |

The convolutions by themselves take 0.21 of PyTorch's \`cl\` and 0.42 of its \`bf16\`, which uses the matrix unit (AMX) of this
processor; onnxruntime's convolutions of bytes run at the peak of VNNI at most. The first four lose about 14 ms because their
biases follow the ranges: the runtime's fastest kernel wants constant ones, and constant ranges would want a new graph
whenever the activations grow.

## What is left of the memory

A pixel more costs half of what it costs PyTorch's \`cl\` (between 224×224 and 910×605 about 680 bytes against 1300), but Node.js,
the runtime, the network and its graph take 430 MiB before the first pixel, PyTorch's 300. Up to a megapixel that decides.
`;

/** Writes docs/speed.md, and its plot, from what the parts of the bench have found so far. */
export async function writeSpeedPage(parts: readonly string[]): Promise<void> {
  const findings: Finding[] = [];
  for (const part of parts) {
    const text = await readFile(`bench/results/${part}.json`, 'utf8').catch(() => undefined);
    if (text) findings.push(JSON.parse(text) as Finding);
  }
  const steps = findings.find(({ part }) => part === 'steps');
  if (steps) await writeFile(plotFile, plotOf(steps));
  const page = `# Speed

What \`npm run bench\` measured last; each table names its machine and its day. Times depend on the machine and on what else
runs on it: of what was timed taking turns, the ratios say more. \`npm run bench -- steps --sizes 299,512\` runs one part.

${steps ? '![Milliseconds a step against megapixels, beside PyTorch](pictures/speed.svg)\n\n' : ''}${findings.map(sectionOf).join('\n')}
${limits}`;
  await writeFile('docs/speed.md', page);
}

function sectionOf({ part, about, machine, header, rows, notes }: Finding): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const { processor, cores, instructions, node, date } = machine;
  const where = `${processor}, ${cores} cores (${instructions.join(', ')}), Node.js ${node}, ${date}`;
  return `## ${part}

${about[0]!.toUpperCase()}${about.slice(1)}. ${where}.

${[line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n')}

${notes.map((note) => `* ${note}`).join('\n')}
`;
}

/** Milliseconds a step against megapixels, one line for each contestant. */
function plotOf({ rows }: Finding): string {
  const points = rows.map(([size, name, ms]) => {
    const [width, height] = String(size).split('×').map(Number) as [number, number];
    return { name: String(name), x: (width * height) / 1e6, y: Number(ms) };
  });
  const [most, slowest] = [Math.max(...points.map(({ x }) => x)), Math.max(...points.map(({ y }) => y))];
  const place = ({ x, y }: { x: number; y: number }): string =>
    `${(60 + (x / most) * 420).toFixed(1)},${(300 - (y / slowest) * 270).toFixed(1)}`;
  const colours = ['#c2185b', '#9e9e9e', '#757575', '#424242', '#1976d2'];
  const lines = [...new Set(points.map(({ name }) => name))].map((name, i) => {
    const own = points.filter((point) => point.name === name);
    const colour = colours[i % colours.length]!;
    const [x, y] = place(own.at(-1)!).split(',');
    return `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${own.map(place).join(' ')}"/>
<text x="${Number(x) + 6}" y="${Number(y) + 4}" fill="${colour}">${name}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 600 340" font-family="sans-serif" font-size="12">
<rect width="600" height="340" fill="white"/>
<path d="M60 30V300H480" fill="none" stroke="#333"/>
<text x="60" y="20" fill="#333">ms a step (top: ${slowest.toFixed(0)})</text>
<text x="480" y="320" text-anchor="end" fill="#333">megapixels (right: ${most.toFixed(2)})</text>
${lines.join('\n')}
</svg>
`;
}
