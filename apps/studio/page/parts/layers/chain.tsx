import { useEffect, useRef } from 'react';
import type { NetworkLayer } from '../../../engine/engine.js';
import { layerAddress } from '../../route.js';
import { useMix } from '../../state/mix-actions.js';
import { useThumbnails } from '../../state/thumbnails.js';
import { useWords } from '../../words/index.js';
import { Icon } from '../icon.js';
import { ChannelPicture } from './channel-picture.js';
import { shortName, useIsBuiltIn } from './network.js';

/** The network as a row of its layers, each with what some of its channels look for. */
export function Chain({
  rows,
  current,
}: {
  readonly rows: readonly NetworkLayer[];
  readonly current: string | undefined;
}) {
  const words = useWords();
  const strip = useRef<HTMLElement>(null);
  useEffect(() => {
    const link = strip.current?.querySelector<HTMLElement>('[aria-current]');
    if (current === undefined || !link || !strip.current) return;
    strip.current.scrollLeft = link.offsetLeft - (strip.current.clientWidth - link.clientWidth) / 2;
  }, [current]);
  return (
    <nav ref={strip} aria-label={words.inspect.chain} className="relative overflow-x-auto rounded-xl bg-stage p-3">
      <ol className="mx-auto flex w-max items-center">
        <li className="flex flex-col items-center gap-1 px-1 text-muted">
          <Icon name="picture" className="size-7" />
          <span className="text-xs">{words.inspect.photo}</span>
        </li>
        {rows.map((row) => (
          <li key={row.name} className="flex items-center">
            <span aria-hidden="true" className="h-px w-3 bg-edge" />
            <Node row={row} isCurrent={row.name === current} />
          </li>
        ))}
      </ol>
    </nav>
  );
}

function Node({ row, isCurrent }: { readonly row: NetworkLayer; readonly isCurrent: boolean }) {
  const mixed = useMix().some(({ target }) => target === row.name || target.startsWith(`${row.name}[`));
  return (
    <a
      href={layerAddress(row.name)}
      aria-current={isCurrent ? 'true' : undefined}
      title={row.name}
      className={`block rounded-lg border-2 p-1.5 ${isCurrent ? 'border-accent bg-surface' : 'border-transparent hover:bg-tint'}`}
    >
      <Face row={row} />
      <span className="mt-1 flex items-center justify-center gap-1 text-xs font-medium">
        {mixed && <span aria-hidden="true" className="size-2 rounded-full bg-accent" />}
        <span className="max-w-24 truncate">{shortName(row.name)}</span>
      </span>
      <span className="block text-center text-xs text-muted tabular-nums">
        {row.channels} · {row.stride} px
      </span>
    </a>
  );
}

/** Four of its pictures, or where it has none, a block: the finer it looks, the taller, the more channels, the wider. */
function Face({ row }: { readonly row: NetworkLayer }) {
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const channels = isBuiltIn ? list?.channels[row.name] : undefined;
  if (channels) {
    return (
      <span className="grid size-20 grid-cols-2 gap-px overflow-hidden rounded-md">
        {faceOf(channels).map((channel) => (
          <ChannelPicture key={channel} layer={row.name} channel={channel} />
        ))}
      </span>
    );
  }
  return (
    <span aria-hidden="true" className="grid h-20 w-20 place-items-center">
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
