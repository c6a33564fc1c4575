import type { NetworkLayer } from '../../../engine/engine.js';
import type { Step } from '../../network/steps.js';
import { layerAddress } from '../../route.js';
import { useMix } from '../../state/mix-actions.js';
import { useThumbnails } from '../../state/thumbnails.js';
import { useWords } from '../../words/index.js';
import { ChannelPicture } from './channel-picture.js';
import { shortName, useIsBuiltIn } from './network.js';

/** Pixels of a box, with the name of its layer or without, and from the middle of one to the middle of the next below. */
export const sizesOfBoxes = {
  small: { width: 76, height: 38, pitch: 46 },
  named: { width: 136, height: 48, pitch: 60 },
};

/** Pixels of a layer with pictures. */
export const sizeOfFace = { width: 100, height: 140 };

interface StepLinkProps {
  readonly step: Step;
  /** The layer whose pictures are shown; undefined for a box. */
  readonly face: NetworkLayer | undefined;
  readonly named: boolean;
  readonly isCurrent: boolean;
  readonly tabIndex: number;
  readonly onFocus: () => void;
}

/** A step of the network, which leads to the page of its layer. */
export function StepLink({ step, face, named, isCurrent, ...rest }: StepLinkProps) {
  const words = useWords();
  const { short, long } = useOperator(step.layers[0]!);
  const mix = useMix();
  const mixed = mix.some(({ target }) =>
    step.layers.some(({ name }) => target === name || target.startsWith(`${name}[`)),
  );
  const { channels, stride } = step.layers.at(-1)!;
  const dot = mixed && <span aria-hidden="true" className="size-2 shrink-0 rounded-full bg-accent" />;
  const look = isCurrent
    ? 'border-accent bg-surface'
    : face
      ? 'border-transparent hover:bg-tint'
      : 'border-edge bg-surface hover:bg-tint';
  return (
    <a
      href={layerAddress(face?.name ?? step.name)}
      data-step={step.name}
      aria-current={isCurrent ? 'true' : undefined}
      title={step.name}
      className={`flex size-full flex-col items-center justify-center rounded-lg border-2 text-xs ${look}`}
      {...rest}
    >
      <span className="sr-only">{words.inspect.step(step.name, long, channels, step.inputs.join(', '))}</span>
      <span aria-hidden="true" className="contents">
        {face && <Face row={face} />}
        {(face || named) && (
          <span className="flex max-w-full items-center gap-1 px-1.5 font-medium">
            {dot}
            <span className="truncate">{shortName(step.name)}</span>
          </span>
        )}
        {face ? (
          <span className="text-muted tabular-nums">{`${channels} · ${stride} px`}</span>
        ) : named ? (
          <span className="max-w-full truncate px-1.5 text-muted tabular-nums">{`${short} · ${channels}`}</span>
        ) : (
          <>
            <span className="max-w-full truncate px-0.5 leading-4 font-medium">{short}</span>
            <span className="flex items-center gap-1 text-[0.6875rem] leading-4 text-muted tabular-nums">
              {dot}
              {channels}
            </span>
          </>
        )}
      </span>
    </a>
  );
}

/** What a layer does, in a box and read out. */
function useOperator({ op, kernel }: NetworkLayer): { readonly short: string; readonly long: string } {
  const { operators } = useWords().inspect;
  const [short, long] = operators[op] ?? [op, op];
  const spoken = kernel ? `${long} ${kernel.join(' × ')}` : long;
  return { short: kernel ? `${short} ${kernel.join('×')}`.trim() : short || long, long: spoken };
}

/** Four of its pictures, or where it has none, a block: the finer it looks, the taller, the more channels, the wider. */
function Face({ row }: { readonly row: NetworkLayer }) {
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const channels = isBuiltIn ? list?.channels[row.name] : undefined;
  if (channels) {
    return (
      <span className="mb-1 grid size-20 shrink-0 grid-cols-2 gap-px overflow-hidden rounded-md">
        {faceOf(channels).map((channel) => (
          <ChannelPicture key={channel} layer={row.name} channel={channel} />
        ))}
      </span>
    );
  }
  return (
    <span aria-hidden="true" className="mb-1 grid size-20 shrink-0 place-items-center">
      <span
        className="block rounded-sm border border-edge bg-surface"
        style={{
          height: `${Math.max(14, 80 / Math.sqrt(Math.max(1, row.stride)))}px`,
          width: `${Math.min(80, 12 + row.channels / 16)}px`,
        }}
      />
    </span>
  );
}

/** Four of them, far from each other. */
function faceOf(channels: readonly number[]): readonly number[] {
  return [0.15, 0.4, 0.6, 0.85].map((part) => channels[Math.floor(part * channels.length)]!);
}
