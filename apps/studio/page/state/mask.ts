import { create } from 'zustand';
import type { NamedPicture } from '../../engine/engine.js';
import { type Mask, maskOfFile, pngOfMask } from './mask-file.js';
import { sha256Of } from './picture-files.js';
import { get } from './store.js';

interface MaskState {
  /** Whether it is being painted now. */
  readonly editing: boolean;
  readonly tool: 'paint' | 'erase';
  /** Of the brush, as a part of the longest side. */
  readonly radius: number;
  /** Where the photo dreams; undefined for everywhere. */
  readonly mask: Mask | undefined;
  readonly past: readonly (Mask | undefined)[];
  readonly future: readonly (Mask | undefined)[];
}

/** Steps that can be undone. */
const mostPast = 30;

/** The longest side that is painted on; dreams scale it to the picture. */
const longestSide = 1024;

const nothing = { editing: false, mask: undefined, past: [], future: [] };

/** The mask of the photo, and how it is painted. */
export const useMask = create<MaskState>(() => ({ tool: 'paint', radius: 0.06, ...nothing }));

/** Forgets the mask, as another photo has none. */
export function dropMask(): void {
  useMask.setState(nothing);
}

/** Takes another mask; the one before can be had back. One in which nothing is white is none. */
export function changeMask(mask: Mask | undefined): void {
  const { mask: before, past } = useMask.getState();
  const next = mask?.alpha.some((value) => value > 0) ? mask : undefined;
  if (next === before) return;
  useMask.setState({ mask: next, past: [...past, before].slice(-mostPast), future: [] });
}

/** Goes back to the mask before. */
export function undoMask(): void {
  const { mask, past, future } = useMask.getState();
  if (past.length > 0) useMask.setState({ mask: past.at(-1), past: past.slice(0, -1), future: [mask, ...future] });
}

/** Takes back what was undone. */
export function redoMask(): void {
  const { mask, past, future } = useMask.getState();
  if (future.length > 0) useMask.setState({ mask: future[0], past: [...past, mask], future: future.slice(1) });
}

/** The size that the photo's mask is painted at. */
export function maskSize(): { readonly width: number; readonly height: number } {
  const { width, height } = get().photo!;
  const scale = Math.min(1, longestSide / Math.max(width, height));
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
}

/** Dreams where white stands and stays where black does: the other way round from now on. */
export function invertMask(): void {
  const { mask } = useMask.getState();
  const { width, height } = mask ?? maskSize();
  const alpha = mask ? mask.alpha.map((value) => 255 - value) : new Uint8ClampedArray(width * height).fill(255);
  changeMask({ width, height, alpha });
}

/** Takes a mask from a grey picture. It is that file for dreams, as long as nothing is painted over it. */
export async function openMask(file: Blob, name: string): Promise<void> {
  const sha256 = await sha256Of(file);
  changeMask({ ...(await maskOfFile(file, name, maskSize())), source: { file, name, sha256 } });
}

/** What the file of a mask is called. */
export function maskName({ source }: Mask): string {
  return source?.name ?? 'mask.png';
}

/** The mask as a file, as dreams and recipes take it; undefined for none. */
export async function maskFile(): Promise<NamedPicture | undefined> {
  const { mask } = useMask.getState();
  if (!mask || mask.source) return mask?.source;
  const file = await pngOfMask(mask);
  return { file, name: maskName(mask), sha256: await sha256Of(file) };
}
