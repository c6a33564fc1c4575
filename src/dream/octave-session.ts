import type { Session } from '../platform/platform.js';
import type { OctavePlan } from './plan.js';
import type { SessionCache } from './session-cache.js';

/** What computes the steps of one octave. */
export interface OctaveSession {
  /** Does one step, with a session that it may run any number of times. */
  step<T>(run: (session: Session) => Promise<T>): Promise<T>;
  /** The ranges of bytes as they are after the latest step; empty where there are none. */
  ranges(): readonly number[];
}

/**
 * What computes the steps of an octave. In 8 bits the first step is one in float32, which measures the ranges of what is
 * rounded to bytes.
 *
 * @param from ranges to go on with; empty or undefined for none
 */
export function createOctaveSession(
  sessions: SessionCache,
  { graph, precision }: Pick<OctavePlan, 'graph' | 'precision'>,
  from: readonly number[] = [],
): OctaveSession {
  if (precision === 'float32') return { step: async (run) => run(await sessions.get(graph)), ranges: () => [] };
  const { calibration, bytes, createRanges } = graph.quantised();
  let measured = from.length > 0;
  const ranges = createRanges(measured ? from : undefined);
  return {
    step: async (run) => {
      if (measured) {
        const result = await run(ranges.feeding(await sessions.get(bytes)));
        ranges.follow();
        return result;
      }
      const result = await run(ranges.measuring(await sessions.get(calibration)));
      measured = true;
      return result;
    },
    ranges: () => (measured ? ranges.values : []),
  };
}
