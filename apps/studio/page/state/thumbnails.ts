import { useEffect } from 'react';
import { create } from 'zustand';

/** The pictures of channels that come with the page: how each sheet is laid out, and which channels stand on it, in order. */
export interface Thumbnails {
  /** Width and height of a picture in pixels. */
  readonly side: number;
  readonly columns: number;
  readonly rows: number;
  /** By layer of the built-in network, in the order of the network. */
  readonly channels: Readonly<Record<string, readonly number[]>>;
}

const folder = 'thumbnails/';

const useList = create<{ readonly list: Thumbnails | undefined }>(() => ({ list: undefined }));

let isAsked = false;

/** The list of pictures, once it is there. */
export function useThumbnails(): Thumbnails | undefined {
  useEffect(() => void fetchList(), []);
  return useList(({ list }) => list);
}

/** The address of a layer's sheet. */
export function sheetAddress(layer: string): string {
  return new URL(`${folder}${layer}.webp`, document.baseURI).href;
}

/** Where a picture stands on its sheet, from 0 at the left and the top; undefined where the sheet has no such channel. */
export function placeOnSheet(
  { channels, columns }: Thumbnails,
  layer: string,
  channel: number,
): { readonly column: number; readonly row: number } | undefined {
  const i = channels[layer]?.indexOf(channel) ?? -1;
  return i < 0 ? undefined : { column: i % columns, row: Math.floor(i / columns) };
}

async function fetchList(): Promise<void> {
  if (isAsked) return;
  isAsked = true;
  try {
    const response = await fetch(new URL(`${folder}index.json`, document.baseURI));
    useList.setState({ list: (await response.json()) as Thumbnails });
  } catch {
    // Without it everything is drawn when it is asked for; the next visit of the view tries again.
    isAsked = false;
  }
}
