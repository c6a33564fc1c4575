import { useMemo } from 'react';
import type { NetworkLayer } from '../../../engine/engine.js';
import { partBefore } from '../../network/layout.js';
import { type Step, stepsOf } from '../../network/steps.js';
import { useStudio } from '../../state/store.js';
import { type Thumbnails, useThumbnails } from '../../state/thumbnails.js';

/** More than this is no picture of a network any more; they are thinned out evenly. */
const mostShown = 40;

/** Whether the network is the one that comes with the page, as its pictures do. */
export function useIsBuiltIn(): boolean {
  return useStudio(({ engine }) => engine.status === 'ready' && engine.network.name === 'built-in');
}

/** Every layer of the network; none before it is there. */
export function useLayers(): readonly NetworkLayer[] {
  return useStudio(({ engine }) => (engine.status === 'ready' ? engine.network.layers : noLayers));
}

const noLayers: readonly NetworkLayer[] = [];

/** The layers that stand for the network, from the photo on. */
export function useChain(): readonly NetworkLayer[] {
  const rows = useLayers();
  const isBuiltIn = useIsBuiltIn();
  const list = useThumbnails();
  return chainOf(rows, isBuiltIn ? list : undefined);
}

/** Those that have pictures, or else the blocks, or where there are hardly any, what its activations give. */
function chainOf(rows: readonly NetworkLayer[], list: Thumbnails | undefined): readonly NetworkLayer[] {
  if (list) return rows.filter(({ name }) => list.channels[name] !== undefined);
  const blocks = rows.filter(({ kind }) => kind === 'block');
  const activations = rows.filter(({ op }) => /relu|clip|silu|sigmoid/i.test(op));
  const chosen = blocks.length > 2 ? blocks : activations.length > 2 ? activations : rows;
  const every = Math.ceil(chosen.length / mostShown);
  return chosen.filter((_, i) => i % every === every - 1 || i === chosen.length - 1);
}

/** The network as it is drawn. */
export function useSteps(): readonly Step[] {
  const rows = useLayers();
  return useMemo(() => stepsOf(rows), [rows]);
}

/** The branches that a layer joins, from where they part; none where there is but one way to it. */
export function useBranches(name: string): readonly Step[] {
  const steps = useSteps();
  return useMemo(() => {
    const end = steps.find(({ layers }) => layers.some((layer) => layer.name === name));
    if (!end || end.inputs.length < 2) return [];
    return partBefore(steps, end.name);
  }, [steps, name]);
}

/** A name as there is room for it under a picture: the end of a path, without what exporters add to it. */
export function shortName(name: string): string {
  const plain = name.replace(/_output_0$|:0$/, '');
  return plain.split('/').slice(-2).join('/');
}
