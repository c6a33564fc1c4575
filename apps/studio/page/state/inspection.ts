import { create } from 'zustand';
import { type Activations, type RankedChannel, rankChannels } from '../../../../src/index.js';
import type { Refusal } from '../../engine/engine.js';
import { backgroundSignal, stopBackground } from './background.js';
import { isKnown, readyEngine, refusalOf, report } from './engine-actions.js';
import { pauseLooks } from './look-actions.js';
import { thumbnailOf } from './picture-files.js';
import { get, type OpenPhoto } from './store.js';

/** What a layer answers to the photo. */
export type Look = {
  /** Which layer of which network was shown which photo. */
  readonly of: string;
} & (
  | { readonly status: 'looking' }
  | { readonly status: 'seen'; readonly answer: Activations; readonly ranked: readonly RankedChannel[] }
  | { readonly status: 'failed'; readonly refusal: Refusal }
);

/** A picture of a channel: waiting for its turn, in the making with a part from 0 to 1, or done. */
export type Drawing =
  | { readonly status: 'waiting' }
  | { readonly status: 'drawing'; readonly part01: number }
  | { readonly status: 'drawn'; readonly url: string };

interface Inspection {
  readonly look: Look | undefined;
  readonly drawings: Readonly<Record<string, Drawing>>;
}

/** What is known of the network's layers and channels. */
export const useInspection = create<Inspection>(() => ({ look: undefined, drawings: {} }));

/** How a channel is drawn: quickly among others, or larger by itself. */
export const drawingSizes = { small: { side: 112, steps: 48 }, large: { side: 192, steps: 64 } } as const;

/** Longest side of the photo that is looked at, and the least that its shorter side has. */
const lookSize = { longest: 448, shortest: 128 };

let small: { readonly of: string; readonly photo: Promise<OpenPhoto> } | undefined;

/** Names a drawing in {@link Inspection}. */
export function drawingKey(layer: string, channel: number, size: keyof typeof drawingSizes): string {
  return [networkDigest(), layer, channel, size].join(' ');
}

/** Shows the photo to a layer; nothing is done again that is done. */
export async function lookAtLayer(layer: string): Promise<void> {
  const { photo } = get();
  const engine = readyEngine();
  if (!photo || !engine) return;
  const of = [networkDigest(), layer, photo.sha256].join(' ');
  if (useInspection.getState().look?.of === of) return;
  const put = (look: Look | undefined): void => {
    if (useInspection.getState().look?.of === of) useInspection.setState({ look });
  };
  useInspection.setState({ look: { of, status: 'looking' } });
  try {
    if (small?.of !== photo.sha256) {
      small = { of: photo.sha256, photo: thumbnailOf(photo, lookSize.longest, lookSize.shortest) };
    }
    const shown = await small.photo;
    // Whoever goes to another layer does not wait for pictures of the one before.
    stopBackground();
    pauseLooks();
    const answer = await engine.look(shown, layer);
    put({ of, status: 'seen', answer, ranked: rankChannels(answer.layers[0]!) });
  } catch (error) {
    const refusal = refusalOf(error);
    put(isKnown(refusal) ? undefined : { of, status: 'failed', refusal });
  }
}

/** Draws what channels look for, those that are not drawn or about to be. */
export async function drawChannels(
  layer: string,
  wanted: readonly number[],
  size: keyof typeof drawingSizes,
): Promise<void> {
  const engine = readyEngine();
  const { drawings } = useInspection.getState();
  const channels = wanted.filter((channel) => drawings[drawingKey(layer, channel, size)] === undefined);
  if (!engine || channels.length === 0) return;
  const signal = backgroundSignal();
  const keys = new Map(channels.map((channel) => [channel, drawingKey(layer, channel, size)]));
  for (const key of keys.values()) put(key, { status: 'waiting' });
  pauseLooks();
  try {
    for await (const event of engine.visualize({ layer, channels, ...drawingSizes[size] }, signal)) {
      const key = keys.get(event.channel)!;
      if (event.type === 'drawing') put(key, { status: 'drawing', part01: event.part01 });
      else put(key, { status: 'drawn', url: URL.createObjectURL(event.file) });
    }
  } catch (error) {
    if (!signal.aborted) report(error);
  } finally {
    const now = useInspection.getState().drawings;
    for (const key of keys.values()) if (now[key]?.status !== 'drawn') put(key, undefined);
  }
}

function put(key: string, drawing: Drawing | undefined): void {
  const { [key]: _, ...others } = useInspection.getState().drawings;
  useInspection.setState({ drawings: drawing ? { ...others, [key]: drawing } : others });
}

function networkDigest(): string {
  const { engine } = get();
  return engine.status === 'ready' ? engine.network.sha256 : '';
}
