import type { Plan } from '../../../src/platform/node/index.js';

/** Prints what a dream would do: scales, tiles, steps, work and memory. */
export function describePlan(plan: Plan, input: string, json: boolean): void {
  const octaves = plan.octaves.map(({ width, height, tiling, flopsPerStep, options, ownSize, precision, graph }) => ({
    width,
    height,
    tiles: tiling.horizontal.count * tiling.vertical.count,
    tileWidth: tiling.horizontal.length,
    tileHeight: tiling.vertical.length,
    steps: options.steps,
    oneSizeOnly: ownSize !== undefined,
    gflopPerStep: flopsPerStep / 1e9,
    precision,
    ...(options.precision === 'int8' && graph.floatReason && { floatReason: graph.floatReason }),
  }));
  const summary = {
    totalSteps: plan.totalSteps,
    gflop: plan.totalFlops / 1e9,
    tile: plan.options.tile,
    storage: plan.storage,
    peakMemoryBytes: Math.round(plan.peakBytes),
  };
  if (json) {
    const object = { input, layers: plan.layers, octaves, leftOut: plan.leftOut, ...summary };
    process.stdout.write(`${JSON.stringify(object)}\n`);
    return;
  }
  const layers = plan.layers.map(({ name, weight }) => (weight === 1 ? name : `${name} × ${weight}`)).join(' + ');
  const lines = [
    `${input}: ${plan.picture.width}×${plan.picture.height}, ${layers}`,
    ...octaves.map(
      ({ width, height, tiles, tileWidth, tileHeight, oneSizeOnly, steps, gflopPerStep, precision, floatReason }, i) =>
        `octave ${i + 1}: ${width}×${height}, ${tiles === 1 ? 'untiled' : `${tiles} tiles of ${tileWidth}×${tileHeight}`}${oneSizeOnly ? ', the one size that the network takes' : ''}, ` +
        `${steps} steps of ${gflopPerStep.toFixed(1)} GFLOP${precision === 'int8' ? ', in 8 bits' : ''}${floatReason ? `, in float32: ${floatReason}` : ''}`,
    ),
    ...plan.leftOut.map(({ width, height }) => `left out: ${width}×${height}, too small for the network`),
    `in all ${summary.totalSteps} steps, ${summary.gflop.toFixed(0)} GFLOP, about ${Math.round(summary.peakMemoryBytes / 1e6)} MB of memory${plan.storage === 'scratch' ? ', pictures in scratch files' : ''}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
