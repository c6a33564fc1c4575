import type { NetworkLayer } from '../../../engine/engine.js';
import { layerAddress } from '../../route.js';
import { stopBackground } from '../../state/background.js';
import { drawChannels, drawingKey, type Look, useInspection } from '../../state/inspection.js';
import { channelTarget } from '../../state/layer-mix.js';
import { usePreferences, useWords } from '../../words/index.js';
import { Button } from '../button.js';
import { MixControl } from '../mix-control.js';
import { SectionHeading } from '../section-heading.js';
import { ChannelPicture, useDrawing, useShipped } from './channel-picture.js';
import { HeatCanvas } from './heat-canvas.js';
import { PhotoAnswer } from './photo-answer.js';

/** A channel: what it looks for, and where in the photo it finds it. */
export function ChannelPage({ row, channel }: { readonly row: NetworkLayer; readonly channel: number }) {
  const words = useWords();
  const { name, channels } = row;
  return (
    <div className="mt-6 space-y-6">
      <div>
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-sm">
          <a href={layerAddress(name)} className="min-h-9 content-center font-medium underline underline-offset-4">
            {words.inspect.back(name)}
          </a>
          {channel > 0 && (
            <a href={layerAddress(name, channel - 1)} className="min-h-9 content-center underline underline-offset-4">
              {words.inspect.previous}
            </a>
          )}
          {channel < channels - 1 && (
            <a href={layerAddress(name, channel + 1)} className="min-h-9 content-center underline underline-offset-4">
              {words.inspect.next}
            </a>
          )}
        </div>
        <h2 className="mt-1 mb-3 text-2xl font-semibold tracking-tight break-all">
          {words.inspect.channelOf(name, channel)}
        </h2>
        <MixControl target={channelTarget(name, channel)} />
      </div>
      <div className="grid items-start gap-8 md:grid-cols-2">
        <section aria-labelledby="looks-for">
          <SectionHeading id="looks-for">{words.inspect.looksFor}</SectionHeading>
          <div className="aspect-square w-full max-w-96 overflow-hidden rounded-xl bg-stage">
            <ChannelPicture layer={name} channel={channel} large label={words.inspect.picture(name, channel)} />
          </div>
          <DrawOne layer={name} channel={channel} />
        </section>
        <section aria-labelledby="in-photo">
          <SectionHeading id="in-photo">{words.inspect.inPhoto}</SectionHeading>
          <PhotoAnswer layer={name}>{(look) => <InPhoto look={look} channel={channel} />}</PhotoAnswer>
        </section>
      </div>
    </div>
  );
}

function DrawOne({ layer, channel }: { readonly layer: string; readonly channel: number }) {
  const words = useWords();
  const drawing = useDrawing(layer, channel, true);
  const hasSmall = useShipped(layer, channel) !== undefined || drawing?.status === 'drawn';
  const isLarge = useDrawingIsLarge(layer, channel);
  if (drawing && drawing.status !== 'drawn') {
    return (
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <Button icon="close" onClick={stopBackground}>
          {words.inspect.stop}
        </Button>
        <p role="status" className="text-sm text-muted tabular-nums">
          {drawing.status === 'waiting'
            ? words.inspect.drawingWaits
            : words.inspect.drawingOne(Math.floor(10 * drawing.part01) * 10)}
        </p>
      </div>
    );
  }
  if (isLarge) return null;
  return (
    <Button className="mt-3" onClick={() => void drawChannels(layer, [channel], 'large')}>
      {hasSmall ? words.inspect.drawLarger : words.inspect.draw}
    </Button>
  );
}

function useDrawingIsLarge(layer: string, channel: number): boolean {
  return useInspection(({ drawings }) => drawings[drawingKey(layer, channel, 'large')]?.status === 'drawn');
}

function InPhoto({ look, channel }: { readonly look: Extract<Look, { status: 'seen' }>; readonly channel: number }) {
  const words = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const { answer, ranked } = look;
  const place = ranked.findIndex((each) => each.channel === channel);
  const number = new Intl.NumberFormat(language, { maximumSignificantDigits: 3 });
  return (
    <>
      <HeatCanvas
        answer={answer}
        channel={channel}
        label={words.inspect.heat(channel)}
        className="h-auto w-full rounded-xl"
      />
      {place >= 0 && (
        <p className="mt-2 text-sm text-muted">
          {words.inspect.rank(place + 1, ranked.length)} · {words.inspect.mean(number.format(ranked[place]!.mean))}
        </p>
      )}
    </>
  );
}
