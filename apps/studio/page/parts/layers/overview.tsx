import type { NetworkLayer } from '../../../engine/engine.js';
import { layerAddress } from '../../route.js';
import { useThumbnails } from '../../state/thumbnails.js';
import { useWords } from '../../words/index.js';
import { ChannelPicture } from './channel-picture.js';
import { useIsBuiltIn } from './network.js';

/** How many pictures of a layer are shown. */
const mostPictures = 6;

/** The layers one under another, with what they tend to see. */
export function Overview({ rows }: { readonly rows: readonly NetworkLayer[] }) {
  const words = useWords();
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const picturesOf = (layer: string): readonly number[] => {
    const channels = (isBuiltIn && list?.channels[layer]) || [];
    const every = Math.max(1, Math.floor(channels.length / mostPictures));
    return channels.filter((_, i) => i % every === 0).slice(0, mostPictures);
  };
  return (
    <ul className="mt-6 grid gap-3 lg:grid-cols-2">
      {rows.map((row) => (
        <li key={row.name}>
          <a
            href={layerAddress(row.name)}
            className="block h-full rounded-xl border border-line bg-surface p-4 hover:border-edge hover:bg-tint"
          >
            <span className="font-semibold break-all">{row.name}</span>
            <span className="ml-2 text-sm text-muted">{words.inspect.channelCount(row.channels)}</span>
            {isBuiltIn && <span className="mt-0.5 block">{words.inspect.sees[row.name]}</span>}
            <span className="mt-2 grid grid-cols-6 gap-1.5 empty:hidden">
              {picturesOf(row.name).map((channel) => (
                <span key={channel} className="block aspect-square overflow-hidden rounded-md">
                  <ChannelPicture layer={row.name} channel={channel} />
                </span>
              ))}
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}
