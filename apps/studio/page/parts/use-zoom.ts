import { type RefObject, useEffect, useState } from 'react';
import { create } from 'zustand';
import type { Size } from '../../../../src/index.js';

/** Where the picture lies in the stage: the place of its left upper corner, and stage pixels a picture pixel. */
export interface Placement {
  readonly x: number;
  readonly y: number;
  readonly scale: number;
}

/** `fit` shows all of the picture, whatever the size of the stage. */
interface ZoomState {
  readonly placement: Placement | 'fit';
  readonly stage: Size;
  readonly picture: Size;
}

/** How the picture is looked at. */
export const useZoom = create<ZoomState>(() => ({
  placement: 'fit',
  stage: { width: 1, height: 1 },
  picture: { width: 1, height: 1 },
}));

const scales = { least: 0.05, most: 32 };

/** Free space around a picture that fits. */
const margin = 16;

/** Where the picture lies now. */
export function placementOf({ placement, stage, picture }: ZoomState): Placement {
  if (placement !== 'fit') return placement;
  const room = (length: number) => Math.max(1, length - 2 * margin);
  const scale = Math.min(room(stage.width) / picture.width, room(stage.height) / picture.height);
  return {
    scale,
    x: (stage.width - picture.width * scale) / 2,
    y: (stage.height - picture.height * scale) / 2,
  };
}

/** Shows all of the picture. */
export function zoomToFit(): void {
  useZoom.setState({ placement: 'fit' });
}

/** Zooms to a scale, keeping a place of the stage where it is; default: its middle. */
export function zoomTo(wanted: number, at?: { readonly x: number; readonly y: number }): void {
  const state = useZoom.getState();
  const { x, y, scale } = placementOf(state);
  const held = at ?? { x: state.stage.width / 2, y: state.stage.height / 2 };
  const next = Math.min(Math.max(wanted, scales.least), scales.most);
  const moved = (place: number, hold: number) => hold - ((hold - place) / scale) * next;
  useZoom.setState({ placement: kept({ scale: next, x: moved(x, held.x), y: moved(y, held.y) }, state) });
}

/** Zooms in or out by a factor. */
export function zoomBy(factor: number, at?: { readonly x: number; readonly y: number }): void {
  zoomTo(placementOf(useZoom.getState()).scale * factor, at);
}

/** Moves the picture, in pixels of the stage. */
export function panBy(dx: number, dy: number): void {
  const state = useZoom.getState();
  const { x, y, scale } = placementOf(state);
  useZoom.setState({ placement: kept({ scale, x: x + dx, y: y + dy }, state) });
}

/** The picture never leaves the stage: a part of it as large as a finger stays. */
function kept({ x, y, scale }: Placement, { stage, picture }: ZoomState): Placement {
  const finger = 48;
  const within = (place: number, length: number, room: number) =>
    Math.min(Math.max(place, finger - length), room - finger);
  return {
    scale,
    x: within(x, picture.width * scale, stage.width),
    y: within(y, picture.height * scale, stage.height),
  };
}

/** Follows the size of the stage, and of the picture on it. */
export function useStageSize(stage: RefObject<HTMLElement | null>, width: number, height: number): boolean {
  const [measured, setMeasured] = useState(false);
  useEffect(() => {
    useZoom.setState({ picture: { width, height }, placement: 'fit' });
  }, [width, height]);
  useEffect(() => {
    const element = stage.current!;
    const observer = new ResizeObserver(() => {
      useZoom.setState({ stage: { width: element.clientWidth, height: element.clientHeight } });
      setMeasured(true);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [stage]);
  return measured;
}
