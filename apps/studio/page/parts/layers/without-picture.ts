import { drawingKey, useInspection } from '../../state/inspection.js';
import { useThumbnails } from '../../state/thumbnails.js';
import { useIsBuiltIn } from './network.js';

/** Those of some channels that have no picture yet. */
export function useWithoutPicture(layer: string, channels: readonly number[]): readonly number[] {
  const list = useThumbnails();
  const isBuiltIn = useIsBuiltIn();
  const drawings = useInspection((state) => state.drawings);
  const shipped = (isBuiltIn && list?.channels[layer]) || [];
  return channels.filter(
    (channel) => !shipped.includes(channel) && drawings[drawingKey(layer, channel, 'small')]?.status !== 'drawn',
  );
}
