import { createNodePlatform, loadNetwork } from '../../src/platform/node/index.js';
import type { Part } from '../part.js';
import { photoValues } from '../photo.js';
import { type Contestant, timeRounds } from '../rounds.js';
import { passNames, stepGraphWithout } from '../step-graphs.js';

/** What each pass over the graph gives: a step without it. */
export const passes: Part = {
  name: 'passes',
  about: 'the graph of one step without each of its passes, and without all of them, taking turns',
  async run({ sizes, rounds, threads }) {
    const [network, platform] = [await loadNetwork(), await createNodePlatform({ threads })];
    const rows: (string | number)[][] = [];
    for (const size of sizes) {
      const values = await photoValues(size);
      const contestantWithout = async (name: string, left: readonly string[]): Promise<Contestant> => {
        const session = await platform.createSession(stepGraphWithout(network, size, left).bytes);
        return {
          name,
          async step() {
            const [start, used] = [performance.now(), process.cpuUsage()];
            const feed = { dims: [1, 3, size.height, size.width], data: values.slice() };
            const outputs = await session.run({ [network.inputName]: feed });
            const ms = performance.now() - start;
            const { user, system } = process.cpuUsage(used);
            return { ms, cpuMs: (user + system) / 1000, peakMiB: 0, objective: outputs['objective']!.data[0]! };
          },
          // The platform's end is theirs.
          close: () => {},
        };
      };
      const contestants = [await contestantWithout('all passes', [])];
      for (const name of passNames) contestants.push(await contestantWithout(`without ${name}`, [name]));
      contestants.push(await contestantWithout('without any', passNames));
      const timed = await timeRounds(contestants, rounds);
      for (const { name, ms, cpuMs } of timed) {
        const toAll = (cpuMs / timed[0]!.cpuMs).toFixed(3);
        rows.push([`${size.width}×${size.height}`, name, ms.toFixed(1), cpuMs.toFixed(1), toAll]);
      }
    }
    await platform.close();
    return {
      header: ['size', 'graph', 'ms', 'least processor ms', 'of that, to all passes'],
      rows,
      notes: [`medians of ${rounds} runs, ${threads} threads; one pass often needs another to gain anything`],
    };
  },
};
