import { stopBackground } from '../../state/background.js';
import { drawChannels, drawingKey, useInspection } from '../../state/inspection.js';
import { useWords } from '../../words/index.js';
import { Button } from '../button.js';

/** Draws several channels, says how far that is, and ends it. */
export function DrawingLine({
  layer,
  channels,
  onStart,
  children,
}: {
  readonly layer: string;
  readonly channels: readonly number[];
  readonly onStart?: () => void;
  readonly children: string;
}) {
  const words = useWords();
  const drawings = useInspection((state) => state.drawings);
  const states = channels.map((channel) => drawings[drawingKey(layer, channel, 'small')]?.status);
  const done = states.filter((status) => status === 'drawn').length;
  const isAtWork = states.some((status) => status === 'waiting' || status === 'drawing');
  if (done === channels.length) return null;
  return (
    <div className="mt-3 flex flex-wrap items-center gap-3">
      {isAtWork ? (
        <>
          <Button icon="close" onClick={stopBackground}>
            {words.inspect.stop}
          </Button>
          <p role="status" className="text-sm text-muted tabular-nums">
            {words.inspect.drawing(done, channels.length)}
          </p>
        </>
      ) : (
        <Button
          onClick={() => {
            onStart?.();
            void drawChannels(layer, channels, 'small');
          }}
        >
          {children}
        </Button>
      )}
    </div>
  );
}
