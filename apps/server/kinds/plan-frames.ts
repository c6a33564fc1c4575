import {
  type DreamOptions,
  type Network,
  type Plan,
  type PlanLimits,
  planDream,
  type Size,
} from '../../../src/index.js';
import { memoryLimit } from './materials.js';

/** Plans that are kept, so that options that take turns find theirs again. */
const mostPlans = 8;

/** Plans frames; those that differ in nothing but their seed share a plan. */
export function plannerOf(
  network: Network,
  size: Size,
  needs: Pick<PlanLimits, 'guides' | 'besidesBytes'>,
): (options: DreamOptions) => Plan {
  const limits = { memoryBytes: memoryLimit(), scratch: true, ...needs };
  const plans = new Map<string, Plan>();
  return (options) => {
    const key = JSON.stringify({ ...options, seed: null });
    const plan = plans.get(key) ?? planDream(network, size, options, limits);
    plans.set(key, plan);
    if (plans.size > mostPlans) plans.delete(plans.keys().next().value!);
    return plan;
  };
}
