import { createNodePlatform, loadNetwork } from '../../src/platform/node/index.js';
import type { Part } from '../part.js';
import { photoValues } from '../photo.js';
import { median } from '../rounds.js';
import { stepGraphWithout } from '../step-graphs.js';

/** The WebAssembly build of onnxruntime, which runs where the native one does not. */
export const web: Part = {
  name: 'web',
  about: 'one run of the graph in onnxruntime-node and in onnxruntime-web, both in Node',
  async run({ rounds, threads }) {
    const network = await loadNetwork();
    const size = { width: 299, height: 299 };
    const values = await photoValues(size);
    const rows: (string | number)[][] = [];
    for (const runtime of ['onnxruntime-node', 'onnxruntime-web']) {
      process.env['PAREIDOLIA_RUNTIME'] = runtime;
      const platform = await createNodePlatform({ threads });
      if (platform.runtime !== runtime) throw new Error(`${runtime} does not start: ${platform.fallbackReason}`);
      const session = await platform.createSession(stepGraphWithout(network, size, []).bytes);
      const times: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const start = performance.now();
        await session.run({ [network.inputName]: { dims: [1, 3, size.height, size.width], data: values.slice() } });
        times.push(performance.now() - start);
      }
      await platform.close();
      rows.push([runtime, median(times.slice(1)).toFixed(1)]);
    }
    delete process.env['PAREIDOLIA_RUNTIME'];
    return { header: ['runtime', 'ms at 299²'], rows, notes: [`medians of ${rounds} runs, ${threads} threads`] };
  },
};
