import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react';
import type { NetworkLayer } from '../../../engine/engine.js';
import { type Box, draw } from '../../network/geometry.js';
import { layOut } from '../../network/layout.js';
import { neighbour } from '../../network/neighbour.js';
import type { Step } from '../../network/steps.js';
import { useWords } from '../../words/index.js';
import { Icon } from '../icon.js';
import { StepLink, sizeOfFace, sizesOfBoxes } from './step-link.js';

interface NetworkMapProps {
  readonly label: string;
  readonly steps: readonly Step[];
  /** The layer whose page this is. */
  readonly current: string | undefined;
  /** Layers that are shown larger, with what some of their channels look for. */
  readonly faces?: readonly NetworkLayer[];
  /** Whether boxes say the names of their layers. Default: no. */
  readonly named?: boolean;
}

const none: readonly NetworkLayer[] = [];

/**
 * A network, or a part of it, from left to right: each step a link to its layer, each line what is computed from what. The
 * whole map is one stop of the tab key; arrow keys go along the lines.
 */
export function NetworkMap({ label, steps, current, faces = none, named = false }: NetworkMapProps) {
  const words = useWords();
  const strip = useRef<HTMLElement>(null);
  const [visited, setVisited] = useState<string>();
  const boxSize = sizesOfBoxes[named ? 'named' : 'small'];
  const layout = useMemo(() => layOut(steps), [steps]);
  // Branches lie too close together for pictures.
  const faceOf = ({ name, layers }: Step) =>
    layout.trunk.includes(name) ? faces.find((face) => layers.some((layer) => layer.name === face.name)) : undefined;
  const byName = new Map(steps.map((step) => [step.name, step]));
  const drawing = draw(layout, (name) => (faceOf(byName.get(name)!) ? sizeOfFace : boxSize), boxSize.pitch);
  const shown = drawing.boxes.map((box) => ({ box, step: byName.get(box.name)! }));
  const links = shown.filter(({ step }) => step.layers.length > 0);
  const isCurrent = (step: Step) => step.layers.some(({ name }) => name === current);
  const tabStop = (
    links.find(({ step }) => step.name === visited) ??
    links.find(({ step }) => isCurrent(step)) ??
    links[0]
  )?.step.name;

  useEffect(() => {
    const link = strip.current?.querySelector<HTMLElement>('[aria-current]')?.parentElement;
    if (current === undefined || !link || !strip.current) return;
    strip.current.scrollLeft = link.offsetLeft - (strip.current.clientWidth - link.clientWidth) / 2;
  }, [current]);

  const onKeyDown = (event: KeyboardEvent): void => {
    const from = (event.target as HTMLElement).dataset['step'];
    if (from === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const to = neighbour(layout, from, event.key);
    if (to === undefined) return;
    event.preventDefault();
    strip.current?.querySelector<HTMLElement>(`[data-step="${CSS.escape(to)}"]`)?.focus();
  };

  return (
    <nav
      ref={strip}
      aria-label={label}
      onKeyDown={onKeyDown}
      className="relative overflow-x-auto rounded-xl bg-stage p-3"
    >
      <div className="relative mx-auto" style={{ width: drawing.width, height: drawing.height }}>
        <svg
          aria-hidden="true"
          className="absolute inset-0 size-full text-edge"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.5"
        >
          <path d={drawing.paths.join('')} />
        </svg>
        <ol>
          {shown.map(({ box, step }) => (
            <li key={box.name} className="absolute" style={placeOf(box)}>
              {step.layers.length === 0 ? (
                <span className="flex size-full flex-col items-center justify-center text-muted">
                  <Icon name="picture" />
                  <span className="text-xs">{words.inspect.photo}</span>
                </span>
              ) : (
                <StepLink
                  step={step}
                  face={faceOf(step)}
                  named={named}
                  isCurrent={isCurrent(step)}
                  tabIndex={step.name === tabStop ? 0 : -1}
                  onFocus={() => setVisited(step.name)}
                />
              )}
            </li>
          ))}
        </ol>
      </div>
    </nav>
  );
}

function placeOf({ left, top, width, height }: Box) {
  return { left, top, width, height };
}
