import { type KeyboardEvent, type RefObject, useEffect } from 'react';
import { panBy, useZoom, zoomBy, zoomTo, zoomToFit } from './use-zoom.js';

/** A pointer that moves less than this has clicked. */
const clickSlack = 4;

/**
 * Panning, pinching and the wheel on the stage. A picture that fits is not panned: there a pointer places the seam.
 *
 * @param place is told where the seam shall be, in pixels of the stage
 */
export function useGestures(stage: RefObject<HTMLElement | null>, place: (x: number) => void): void {
  useEffect(() => {
    const element = stage.current!;
    const pointers = new Map<number, { x: number; y: number }>();
    let moved = 0;
    const at = ({ clientX, clientY }: { clientX: number; clientY: number }) => {
      const { left, top } = element.getBoundingClientRect();
      return { x: clientX - left, y: clientY - top };
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 0 || (event.target as Element).closest('input')) return;
      element.setPointerCapture(event.pointerId);
      pointers.set(event.pointerId, at(event));
      moved = 0;
    };
    const move = (event: PointerEvent): void => {
      const before = pointers.get(event.pointerId);
      if (!before) return;
      const now = at(event);
      const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
      pointers.set(event.pointerId, now);
      moved += Math.hypot(now.x - before.x, now.y - before.y);
      if (other) pinch(before, now, other);
      else if (useZoom.getState().placement === 'fit') place(now.x);
      else panBy(now.x - before.x, now.y - before.y);
    };
    const up = (event: PointerEvent): void => {
      if (pointers.delete(event.pointerId) && moved < clickSlack) place(at(event).x);
    };
    const wheel = (event: WheelEvent): void => {
      event.preventDefault();
      zoomBy(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), at(event));
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    element.addEventListener('wheel', wheel, { passive: false });
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
      element.removeEventListener('wheel', wheel);
    };
  }, [stage, place]);
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** One finger has moved while another rests. */
function pinch(before: Point, now: Point, other: Point): void {
  const distance = (point: Point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
  panBy((now.x - before.x) / 2, (now.y - before.y) / 2);
  zoomBy(distance(now) / distance(before), { x: (now.x + other.x) / 2, y: (now.y + other.y) / 2 });
}

const keySteps: Readonly<Record<string, () => void>> = {
  '+': () => zoomBy(1.25),
  '=': () => zoomBy(1.25),
  '-': () => zoomBy(0.8),
  '0': zoomToFit,
  '1': () => zoomTo(1),
  ArrowLeft: () => panBy(40, 0),
  ArrowRight: () => panBy(-40, 0),
  ArrowUp: () => panBy(0, 40),
  ArrowDown: () => panBy(0, -40),
};

/** The keys of the stage, while it has the focus itself. */
export function onStageKey(event: KeyboardEvent<HTMLElement>): void {
  const act = keySteps[event.key];
  if (!act || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  act();
}
