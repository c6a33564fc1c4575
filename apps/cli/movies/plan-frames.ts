import {
  type DreamOptions,
  type Network,
  type NodePlatform,
  type Picture,
  type Plan,
  resolveLayers,
  type Size,
} from '../../../src/platform/node/index.js';
import { type PlanNeeds, planWithinMemory, ranks } from '../dreams/make-dream.js';
import { guideSizes, type Materials } from '../files/materials.js';
import { assumptionText } from '../report/describe-preprocessing.js';
import { announceRuntime, say } from '../report/report.js';

/** Says what is not as usual: the runtime, or how the network takes its pictures. */
export function announce(platform: NodePlatform, network: Network): void {
  announceRuntime(platform);
  if (!network.preprocessingKnown) say(assumptionText(network));
}

/** Layers whose channels are named by how strong they are, by number instead; that is asked of the first picture. */
export async function ranked(
  layers: string,
  network: Network,
  picture: Picture,
  platform: NodePlatform,
): Promise<string> {
  return ranks(layers) ? resolveLayers(layers, network, picture, platform) : layers;
}

/** Plans that are kept, so that options that take turns find theirs again. */
const mostPlans = 8;

/**
 * Plans frames; they share what graphs they can, and those that differ in nothing but their seed a plan.
 *
 * @param memory what may be taken, and what is taken besides the dreams
 */
export function plannerOf(
  network: Network,
  size: Size,
  materials: Materials,
  memory: Pick<PlanNeeds, 'maxMemory' | 'besidesBytes'>,
): (options: DreamOptions) => Plan {
  const needs = { encoding: { format: 'png', depth: 16 }, guides: guideSizes(materials), ...memory } as const;
  const plans = new Map<string, Plan>();
  let like: Plan | undefined;
  return (options) => {
    const key = JSON.stringify({ ...options, seed: null });
    const plan = plans.get(key) ?? planWithinMemory(network, size, options, { ...needs, like });
    like = plan;
    plans.set(key, plan);
    if (plans.size > mostPlans) plans.delete(plans.keys().next().value!);
    return plan;
  };
}
