/**
 * Compares our gradients with PyTorch's over torchvision's architectures and writes docs/architectures.md:
 *
 *     /usr/bin/python3 bench/peers/export_architectures.py FOLDER
 *     node dist/scripts/compare-architectures.js FOLDER
 *
 * Run from the root of the repository. Ends with 1 when a cosine is below 0.9999.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type Architecture,
  type Architectures,
  type Comparison,
  compareArchitecture,
} from '../bench/architecture-gradient.js';
import { createNodePlatform } from '../src/platform/node/index.js';

const leastCosine = 0.9999;

function row({ name, opset, size, openSizes, float32Error }: Architecture, comparison: Comparison | string): string {
  const start = `| ${name} | ${opset} | ${size.join('×')}${openSizes ? ', open' : ''} |`;
  if (typeof comparison === 'string') return `${start} ${comparison} | | | | |`;
  const { cosine, relativeError, operators, seconds } = comparison;
  const error = relativeError.toExponential(1);
  const theirs = float32Error.toExponential(1);
  return `${start} ${cosine.toFixed(7)} | ${error} | ${theirs} | ${seconds.toFixed(2)} | ${operators.join(', ')} |`;
}

async function main(folder: string | undefined): Promise<void> {
  if (!folder) throw new Error('Give the folder that bench/peers/export_architectures.py wrote to.');
  const listed = JSON.parse(await readFile(join(folder, 'architectures.json'), 'utf8')) as Architectures;
  const platform = await createNodePlatform();
  const rows: string[] = [];
  for (const architecture of listed.architectures) {
    const comparison = await compareArchitecture(platform, folder, architecture).catch((error: Error) => error.message);
    const close = typeof comparison !== 'string' && comparison.cosine >= leastCosine;
    if (!close) process.exitCode = 1;
    rows.push(row(architecture, comparison));
    console.log(rows.at(-1));
  }
  await platform.close();
  const page = `# Architectures

Our gradient beside the one that PyTorch's autograd gives, for networks of torchvision. Written by
\`scripts/compare-architectures.ts\` from what \`bench/peers/export_architectures.py\` exports: PyTorch ${listed.torch},
torchvision ${listed.torchvision}, weights drawn at random from a seed, the gradient of the sum over two or three inner
layers of their mean. PyTorch computes in float64, we in float32 with ${platform.runtime}. *Size* is that of the picture
in pixels, height first; *open* means that the file does not fix it. *Relative error* is ‖ours − PyTorch's‖ / ‖PyTorch's‖,
and *PyTorch float32* the same for PyTorch's own gradient in float32. Where a unit is so near the kink of its ReLU that
rounding decides on its side, either may be some 1e-3 or 1e-2 off. *Seconds* are for one run of the gradient.

| network | opset | size | cosine | relative error | PyTorch float32 | seconds | operators |
|---|---|---|---|---|---|---|---|
${rows.join('\n')}
`;
  await writeFile('docs/architectures.md', page);
}

await main(process.argv[2]);
