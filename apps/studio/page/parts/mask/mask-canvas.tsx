import { type KeyboardEvent, type RefObject, useEffect, useMemo, useRef, useState } from 'react';
import { changeMask, maskSize, useMask } from '../../state/mask.js';
import { alphaOf } from '../../state/mask-file.js';
import { useStudio } from '../../state/store.js';
import { useWords } from '../../words/index.js';
import { drawMask, drawStroke, type Place } from './brush.js';

/** Parts of the longest side that an arrow key moves the brush by, without Shift and with it. */
const keySteps = { large: 0.04, small: 0.008 };

const directions: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

/** The mask over the photo, painted on with a pointer or with the keys. */
export function MaskCanvas() {
  const words = useWords();
  const photo = useStudio((state) => state.photo);
  const mask = useMask((state) => state.mask);
  const radius = useMask((state) => state.radius);
  const canvas = useRef<HTMLCanvasElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the size follows from the photo
  const { width, height } = useMemo(maskSize, [photo]);
  const [brush, setBrush] = useState<Place>({ x: width / 2, y: height / 2 });
  const longest = Math.max(width, height);

  useEffect(() => {
    drawMask(canvas.current!.getContext('2d')!, mask?.alpha);
  }, [mask]);
  usePainting(canvas, setBrush);

  const holding = useRef(false);
  const onKeyDown = (event: KeyboardEvent): void => {
    const context = canvas.current!.getContext('2d')!;
    const draw = (from: Place, to: Place) => drawStroke(context, useMask.getState().tool, from, to, radius * longest);
    const direction = directions[event.key];
    if (direction) {
      const step = longest * (event.shiftKey ? keySteps.small : keySteps.large);
      const next = {
        x: Math.min(width, Math.max(0, brush.x + step * direction[0])),
        y: Math.min(height, Math.max(0, brush.y + step * direction[1])),
      };
      if (holding.current) draw(brush, next);
      setBrush(next);
    } else if (event.key === ' ' || event.key === 'Enter') {
      if (event.ctrlKey || event.metaKey) return;
      holding.current = true;
      draw(brush, brush);
    } else return;
    event.preventDefault();
  };
  const release = (): void => {
    if (!holding.current) return;
    holding.current = false;
    keepMask(canvas.current!);
  };

  return (
    // biome-ignore lint/a11y/useSemanticElements: no element but a group holds a surface that is painted on
    <div
      role="group"
      aria-label={words.mask.canvas}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys that paint need a place to be pressed
      tabIndex={0}
      onKeyDown={onKeyDown}
      onKeyUp={(event) => (event.key === ' ' || event.key === 'Enter') && release()}
      onBlur={release}
      data-mask=""
      className="group absolute inset-0 -outline-offset-2"
    >
      <canvas ref={canvas} width={width} height={height} className="block size-full cursor-crosshair opacity-60" />
      <span
        aria-hidden="true"
        className="pointer-events-none absolute -translate-1/2 rounded-full border-2 border-white shadow-[0_0_0_1px_black,inset_0_0_0_1px_black]"
        style={{
          left: `${(100 * brush.x) / width}%`,
          top: `${(100 * brush.y) / height}%`,
          width: `${(200 * radius * longest) / width}%`,
          aspectRatio: 1,
        }}
      />
    </div>
  );
}

/** What stands on the canvas is the mask from now on. */
function keepMask(canvas: HTMLCanvasElement): void {
  const { width, height } = canvas;
  const image = canvas.getContext('2d')!.getImageData(0, 0, width, height);
  changeMask({ width, height, alpha: alphaOf(image) });
}

/**
 * Paints with a pointer. The events stop here, so that the stage does not move the picture; a second finger is left to
 * it.
 */
function usePainting(canvas: RefObject<HTMLCanvasElement | null>, follow: (place: Place) => void): void {
  useEffect(() => {
    const element = canvas.current!;
    const context = element.getContext('2d', { willReadFrequently: true })!;
    let painting: { readonly id: number; last: Place } | undefined;
    const placeOf = ({ clientX, clientY }: PointerEvent): Place => {
      const { left, top, width, height } = element.getBoundingClientRect();
      return { x: ((clientX - left) / width) * element.width, y: ((clientY - top) / height) * element.height };
    };
    const strokeTo = (next: Place): void => {
      const { tool, radius } = useMask.getState();
      drawStroke(context, tool, painting!.last, next, radius * Math.max(element.width, element.height));
      painting!.last = next;
    };
    const down = (event: PointerEvent): void => {
      if (event.button !== 0 || painting) return;
      event.stopPropagation();
      element.setPointerCapture(event.pointerId);
      painting = { id: event.pointerId, last: placeOf(event) };
      strokeTo(painting.last);
    };
    const move = (event: PointerEvent): void => {
      const place = placeOf(event);
      if (painting === undefined || painting.id === event.pointerId) follow(place);
      if (painting?.id !== event.pointerId) return;
      event.stopPropagation();
      strokeTo(place);
    };
    const up = (event: PointerEvent): void => {
      if (painting?.id !== event.pointerId) return;
      event.stopPropagation();
      painting = undefined;
      keepMask(element);
    };
    element.addEventListener('pointerdown', down);
    element.addEventListener('pointermove', move);
    element.addEventListener('pointerup', up);
    element.addEventListener('pointercancel', up);
    return () => {
      element.removeEventListener('pointerdown', down);
      element.removeEventListener('pointermove', move);
      element.removeEventListener('pointerup', up);
      element.removeEventListener('pointercancel', up);
    };
  }, [canvas, follow]);
}
