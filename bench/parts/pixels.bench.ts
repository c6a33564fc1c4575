import { createNodePlatform, loadNetwork } from '../../src/platform/node/index.js';
import type { Part } from '../part.js';
import { photoValues } from '../photo.js';
import { median } from '../rounds.js';
import { stepFlops, stepGraphWithout } from '../step-graphs.js';

/** Whether the cost of a step follows its pixels, what a second thread gives, and what a graph costs before it runs. */
export const pixels: Part = {
  name: 'pixels',
  about: 'one run of the graph against the pixels of the picture, with one thread and with more',
  async run({ rounds, threads }) {
    const network = await loadNetwork();
    const rows: (string | number)[][] = [];
    for (const side of [128, 256, 384, 512, 768]) {
      const size = { width: side, height: side };
      const values = await photoValues(size);
      for (const count of new Set([1, threads])) {
        const platform = await createNodePlatform({ threads: count });
        const built = performance.now();
        const { bytes } = stepGraphWithout(network, size, []);
        const compiled = performance.now();
        const session = await platform.createSession(bytes);
        const ready = performance.now();
        const times: number[] = [];
        for (let round = 0; round <= rounds; round++) {
          const start = performance.now();
          await session.run({ [network.inputName]: { dims: [1, 3, side, side], data: values.slice() } });
          times.push(performance.now() - start);
        }
        await platform.close();
        const ms = median(times.slice(1));
        const rate = stepFlops(network, size) / ms / 1e6;
        const each = (ms * 1e6) / side ** 2;
        rows.push([
          `${side}²`,
          count,
          ms.toFixed(1),
          each.toFixed(0),
          rate.toFixed(0),
          (compiled - built).toFixed(0),
          (ready - compiled).toFixed(0),
        ]);
      }
    }
    return {
      header: ['size', 'threads', 'ms a step', 'ns a pixel', 'GFLOP/s', 'writing the graph, ms', 'compiling it, ms'],
      rows,
      notes: [`medians of ${rounds} runs`],
    };
  },
};
