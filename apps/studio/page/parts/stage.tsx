import { useCallback, useRef, useState } from 'react';
import { useMask } from '../state/mask.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { MaskCanvas } from './mask/mask-canvas.js';
import { PreviewCanvas } from './preview-canvas.js';
import { onStageKey, useGestures } from './stage-gestures.js';
import { placementOf, useStageSize, useZoom } from './use-zoom.js';

/** Half the strip that the seam is taken hold of by, in pixels; the stylesheet has the whole. */
const halfThumb = 22;

/** The picture: the photo, the dream in the making, or both with a seam between them. */
export function Stage() {
  const words = useWords();
  const photo = useStudio((state) => state.photo)!;
  const shown = useStudio((state) => state.shown);
  const preview = useStudio(({ running }) => running?.preview);
  const masking = useMask(({ editing }) => editing) && preview === undefined;
  const stage = useRef<HTMLElement>(null);
  const { width, height } = shown?.size ?? photo;
  const measured = useStageSize(stage, width, height);
  const zoom = useZoom();
  const { x, y, scale } = placementOf(zoom);
  const [seam, setSeam] = useState(50);
  const place = useCallback((px: number) => {
    const room = useZoom.getState().stage.width - 2 * halfThumb;
    setSeam(Math.min(100, Math.max(0, ((px - halfThumb) / room) * 100)));
  }, []);
  useGestures(stage, place);

  const seamAt = halfThumb + (seam / 100) * (zoom.stage.width - 2 * halfThumb);
  const hiddenPart = Math.min(100, Math.max(0, ((seamAt - x) / (width * scale)) * 100));
  const look = shown ? words.presets[shown.preset] : '';
  const compares = shown !== undefined && preview === undefined && !masking;
  return (
    // biome-ignore lint/a11y/useSemanticElements: no element but a group holds a picture that is zoomed and moved
    <section
      ref={stage}
      role="group"
      aria-label={words.picture.stage}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: the keys that zoom and move need a place to be pressed
      tabIndex={0}
      onKeyDown={onStageKey}
      className="relative min-h-0 flex-1 touch-none overflow-hidden bg-stage -outline-offset-2 select-none"
      data-objective={shown?.objectiveLast}
      data-shown={preview ? 'preview' : shown ? 'dream' : 'photo'}
    >
      <div
        className="absolute top-0 left-0 origin-top-left overflow-hidden shadow-lg shadow-shade"
        style={{
          width: width * scale,
          height: height * scale,
          transform: `translate(${x}px, ${y}px)`,
          visibility: measured ? 'visible' : 'hidden',
          imageRendering: scale >= 6 ? 'pixelated' : 'auto',
        }}
      >
        <img
          src={photo.url}
          alt={words.picture.photoAlt(photo.name)}
          draggable={false}
          className="absolute inset-0 size-full"
        />
        {compares && (
          <img
            src={shown.url}
            alt={words.picture.dreamAlt(photo.name, look)}
            draggable={false}
            className="absolute inset-0 size-full"
            style={{ clipPath: `inset(0 0 0 ${hiddenPart}%)` }}
          />
        )}
        {masking && <MaskCanvas />}
        {preview && <PreviewCanvas preview={preview} label={words.dream.preview} />}
      </div>
      {compares && (
        <>
          <input
            type="range"
            className="seam"
            min={0}
            max={100}
            step="any"
            value={seam}
            aria-label={words.picture.compare}
            aria-valuetext={words.picture.compareValue(Math.round(seam))}
            onChange={({ target }) => setSeam(target.valueAsNumber)}
            onKeyDown={(event) => {
              if (!event.shiftKey || !event.key.startsWith('Arrow')) return;
              event.preventDefault();
              const forward = event.key === 'ArrowRight' || event.key === 'ArrowUp';
              setSeam((now) => Math.min(100, Math.max(0, now + (forward ? 10 : -10))));
            }}
          />
          <div
            aria-hidden="true"
            className="seam-line pointer-events-none absolute inset-y-0 w-0.5 -translate-x-1/2 bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]"
            style={{ left: seamAt }}
          >
            <span className="absolute top-1/2 left-1/2 grid size-10 -translate-1/2 place-items-center rounded-full bg-white text-neutral-800 shadow-md">
              <svg
                aria-hidden="true"
                viewBox="0 0 24 24"
                className="size-6"
                fill="none"
                stroke="currentColor"
                strokeWidth="1.8"
              >
                <path d="m9 7-5 5 5 5M15 7l5 5-5 5" strokeLinecap="round" strokeLinejoin="round" />
              </svg>
            </span>
          </div>
          <Tag side="left">{words.picture.photo}</Tag>
          <Tag side="right">{words.picture.dream}</Tag>
        </>
      )}
    </section>
  );
}

function Tag({ side, children }: { readonly side: 'left' | 'right'; readonly children: string }) {
  return (
    <span
      aria-hidden="true"
      className={`pointer-events-none absolute top-3 rounded-full bg-black/65 px-2.5 py-0.5 text-xs font-medium text-white ${side === 'left' ? 'left-3' : 'right-3'}`}
    >
      {children}
    </span>
  );
}
