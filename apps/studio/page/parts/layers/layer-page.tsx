import type { NetworkLayer } from '../../../engine/engine.js';
import { layerAddress } from '../../route.js';
import { usePreferences, useWords } from '../../words/index.js';
import { MixControl } from '../mix-control.js';
import { SectionHeading } from '../section-heading.js';
import { ChannelGrid } from './channel-grid.js';
import { ChannelPicture, useDrawing, useShipped } from './channel-picture.js';
import { DrawingLine } from './drawing-line.js';
import { HeatCanvas } from './heat-canvas.js';
import { useBranches, useIsBuiltIn } from './network.js';
import { NetworkMap } from './network-map.js';
import { PhotoAnswer } from './photo-answer.js';
import { useWithoutPicture } from './without-picture.js';

/** How many of the channels that light up are shown. */
const mostRanked = 12;

/** A layer: what it is, what lights up in the photo, and what its channels look for. */
export function LayerPage({ row }: { readonly row: NetworkLayer }) {
  const words = useWords();
  const isBuiltIn = useIsBuiltIn();
  const branches = useBranches(row.name);
  const facts = [
    words.inspect.channelCount(row.channels),
    ...(row.shape ? [words.inspect.grid(row.shape[3], row.shape[2])] : []),
    words.inspect.stride(row.stride),
    words.inspect.field(row.receptiveField),
  ];
  return (
    <div className="mt-6 space-y-8">
      <div>
        <h2 className="text-2xl font-semibold tracking-tight break-all">{row.name}</h2>
        {isBuiltIn && words.inspect.sees[row.name] && <p className="mt-1 text-lg">{words.inspect.sees[row.name]}</p>}
        <p className="mt-1 mb-4 text-muted">{facts.join(' · ')}</p>
        <MixControl target={row.name} />
      </div>
      <section aria-labelledby="lights">
        <SectionHeading id="lights" hint={words.inspect.lightsHint}>
          {words.inspect.lights}
        </SectionHeading>
        <PhotoAnswer layer={row.name}>
          {({ answer, ranked }) => <Ranked row={row} answer={answer} ranked={ranked.slice(0, mostRanked)} />}
        </PhotoAnswer>
      </section>
      <ChannelGrid key={row.name} row={row} />
      {branches.length > 0 && (
        <section aria-labelledby="inside">
          <SectionHeading id="inside">{words.inspect.inside(row.name)}</SectionHeading>
          <NetworkMap label={words.inspect.inside(row.name)} steps={branches} current={row.name} named />
        </section>
      )}
    </div>
  );
}

interface RankedProps {
  readonly row: NetworkLayer;
  readonly answer: Parameters<typeof HeatCanvas>[0]['answer'];
  readonly ranked: readonly { readonly channel: number; readonly score: number }[];
}

function Ranked({ row, answer, ranked }: RankedProps) {
  const words = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const channels = ranked.map(({ channel }) => channel);
  const missing = useWithoutPicture(row.name, channels);
  const number = new Intl.NumberFormat(language, { maximumFractionDigits: 1 });
  return (
    <>
      <ul className="grid grid-cols-[repeat(auto-fill,minmax(9.5rem,1fr))] gap-x-3 sm:grid-cols-[repeat(auto-fill,minmax(13rem,1fr))] sm:gap-x-4 gap-y-5">
        {ranked.map(({ channel, score }) => (
          <li key={channel}>
            <a
              href={layerAddress(row.name, channel)}
              className="group relative block overflow-hidden rounded-xl bg-stage hover:ring-2 hover:ring-accent"
            >
              <HeatCanvas
                answer={answer}
                channel={channel}
                label={words.inspect.heat(channel)}
                className="h-auto w-full"
              />
              <Inset layer={row.name} channel={channel} />
            </a>
            <p className="mt-1.5 flex justify-between gap-2 text-sm">
              <span className="font-medium">{words.inspect.channel(channel)}</span>
              <span className="text-muted tabular-nums">{number.format(score)} σ</span>
            </p>
          </li>
        ))}
      </ul>
      {missing.length > 0 && (
        <DrawingLine layer={row.name} channels={missing}>
          {words.inspect.drawMissing}
        </DrawingLine>
      )}
    </>
  );
}

/** What a channel looks for, small in a corner, once there is something to see. */
function Inset({ layer, channel }: { readonly layer: string; readonly channel: number }) {
  const drawing = useDrawing(layer, channel, false);
  const shipped = useShipped(layer, channel);
  if (!drawing && !shipped) return null;
  return (
    <span className="absolute right-2 bottom-2 block size-12 overflow-hidden rounded-lg bg-stage shadow-lg ring-2 ring-white/80 sm:size-16">
      <ChannelPicture layer={layer} channel={channel} />
    </span>
  );
}
