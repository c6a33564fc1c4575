import { type SubmitEvent, useState } from 'react';
import type { NetworkLayer } from '../../../engine/engine.js';
import { layerAddress } from '../../route.js';
import { drawingKey, useInspection } from '../../state/inspection.js';
import { useThumbnails } from '../../state/thumbnails.js';
import { useWords } from '../../words/index.js';
import { Button } from '../button.js';
import { SectionHeading } from '../section-heading.js';
import { ChannelPicture } from './channel-picture.js';
import { DrawingLine } from './drawing-line.js';
import { useIsBuiltIn } from './network.js';

/** How many more are drawn at a time. */
const more = 12;

/** What the channels of a layer look for: those that came with the page, and those that were drawn here. */
export function ChannelGrid({ row }: { readonly row: NetworkLayer }) {
  const words = useWords();
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const drawings = useInspection((state) => state.drawings);
  const [asked, setAsked] = useState<readonly number[]>([]);
  const shipped = (isBuiltIn && list?.channels[row.name]) || [];
  const all = [...Array(row.channels).keys()];
  const drawn = all.filter((channel) => drawings[drawingKey(row.name, channel, 'small')]?.status === 'drawn');
  const shown = [...new Set([...shipped, ...drawn, ...asked])].sort((a, b) => a - b);
  const waiting = asked.filter((channel) => !drawn.includes(channel));
  const wanted = waiting.length > 0 ? waiting : all.filter((channel) => !shown.includes(channel)).slice(0, more);
  return (
    <section aria-labelledby="channels">
      <SectionHeading
        id="channels"
        hint={shipped.length > 0 ? words.inspect.looksForHint(shipped.length, row.channels) : words.inspect.onDemand}
      >
        {words.inspect.looksFor}
      </SectionHeading>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(4.75rem,1fr))] gap-2">
        {shown.map((channel) => (
          <li key={channel}>
            <a
              href={layerAddress(row.name, channel)}
              aria-label={words.inspect.channel(channel)}
              className="block overflow-hidden rounded-lg bg-stage hover:ring-2 hover:ring-accent"
            >
              <span className="block aspect-square">
                <ChannelPicture layer={row.name} channel={channel} />
              </span>
              <span className="block py-0.5 text-center text-xs tabular-nums">{channel}</span>
            </a>
          </li>
        ))}
      </ul>
      {wanted.length > 0 && (
        <DrawingLine layer={row.name} channels={wanted} onStart={() => setAsked([...asked, ...wanted])}>
          {words.inspect.drawMore(wanted.length)}
        </DrawingLine>
      )}
      <GoTo row={row} />
    </section>
  );
}

/** Leads to any channel by its number. */
function GoTo({ row }: { readonly row: NetworkLayer }) {
  const words = useWords();
  const [number, setNumber] = useState('');
  const go = (event: SubmitEvent): void => {
    event.preventDefault();
    window.location.hash = layerAddress(row.name, Number(number));
  };
  return (
    <form onSubmit={go} className="mt-4 flex items-center gap-2 text-sm">
      <label htmlFor="go-to-channel">{words.inspect.go}</label>
      <input
        id="go-to-channel"
        type="number"
        required
        min={0}
        max={row.channels - 1}
        value={number}
        onChange={({ target }) => setNumber(target.value)}
        className="min-h-9 w-20 rounded-lg border border-edge bg-surface px-2 tabular-nums"
      />
      <Button type="submit">{words.inspect.goButton}</Button>
    </form>
  );
}
