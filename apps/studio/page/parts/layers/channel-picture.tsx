import { type Drawing, drawingKey, useInspection } from '../../state/inspection.js';
import { placeOnSheet, sheetAddress, useThumbnails } from '../../state/thumbnails.js';
import { useIsBuiltIn } from './network.js';

interface ChannelPictureProps {
  readonly layer: string;
  readonly channel: number;
  /** Prefers a picture that was drawn large. */
  readonly large?: boolean;
  /** What it is called where no words beside it say so. */
  readonly label?: string;
}

/** What a channel looks for: as it was drawn here, or as it came with the page; otherwise an empty place. */
export function ChannelPicture({ layer, channel, large = false, label }: ChannelPictureProps) {
  const drawing = useDrawing(layer, channel, large);
  const shipped = useShipped(layer, channel);
  const named = label === undefined ? { 'aria-hidden': true } : { role: 'img', 'aria-label': label };
  if (drawing?.status === 'drawn') {
    return <img src={drawing.url} alt={label ?? ''} className="block size-full object-cover" />;
  }
  if (!shipped) {
    const part01 = drawing?.status === 'drawing' ? drawing.part01 : 0;
    return (
      <span aria-hidden="true" className="hatched grid size-full place-items-end">
        {drawing && <span className="block h-1 justify-self-start bg-accent" style={{ width: `${100 * part01}%` }} />}
      </span>
    );
  }
  return (
    <span
      {...named}
      className="block size-full bg-no-repeat"
      style={{
        backgroundImage: `url(${shipped.url})`,
        backgroundSize: `${shipped.columns * 100}% ${shipped.rows * 100}%`,
        backgroundPosition: `${(shipped.column / (shipped.columns - 1)) * 100}% ${(shipped.row / (shipped.rows - 1)) * 100}%`,
      }}
    />
  );
}

/** How it stands with a drawing of a channel: the large one, if that is asked for and there, or else the small one. */
export function useDrawing(layer: string, channel: number, large: boolean): Drawing | undefined {
  return useInspection(({ drawings }) => {
    const small = drawings[drawingKey(layer, channel, 'small')];
    return (large ? drawings[drawingKey(layer, channel, 'large')] : undefined) ?? small;
  });
}

/** The picture that came with the page; undefined where there is none. */
export function useShipped(layer: string, channel: number) {
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const place = list && isBuiltIn ? placeOnSheet(list, layer, channel) : undefined;
  return list && place && { url: sheetAddress(layer), columns: list.columns, rows: list.rows, ...place };
}
