import { report } from '../../state/engine-actions.js';
import { changeMask, invertMask, maskFile, maskSize, openMask, redoMask, undoMask, useMask } from '../../state/mask.js';
import { alphaOf } from '../../state/mask-file.js';
import { saveFile } from '../../state/save-file.js';
import { useWords } from '../../words/index.js';
import { Button, IconButton } from '../button.js';
import { FileButton } from '../file-button.js';
import { Slider } from '../slider.js';
import { drawMask, drawShape, type Shape, shapes } from './brush.js';

/** What a mask is painted with. */
export function MaskBar() {
  const words = useWords();
  const { tool, radius, mask, past, future } = useMask();
  return (
    <div
      role="toolbar"
      aria-label={words.mask.tools}
      className="flex shrink-0 flex-wrap items-center gap-x-2 gap-y-1 border-t border-line bg-surface px-2 py-1.5 sm:px-3"
    >
      <div className="flex rounded-lg border border-edge">
        {(['paint', 'erase'] as const).map((each) => (
          <button
            key={each}
            type="button"
            aria-pressed={tool === each}
            onClick={() => useMask.setState({ tool: each })}
            className="min-h-8 rounded-lg px-3 text-sm font-medium aria-pressed:bg-accent aria-pressed:text-on-accent"
          >
            {words.mask[each]}
          </button>
        ))}
      </div>
      <Slider
        className="max-w-28"
        value={radius}
        min={0.005}
        max={0.25}
        step={0.005}
        aria-label={words.mask.size}
        aria-valuetext={`${Math.round(200 * radius)} %`}
        onValue={(next) => useMask.setState({ radius: next })}
      />
      <ShapeChoice />
      <IconButton icon="undo" label={words.mask.undo} disabled={past.length === 0} onClick={undoMask} />
      <IconButton icon="redo" label={words.mask.redo} disabled={future.length === 0} onClick={redoMask} />
      <Button look="quiet" className="text-sm" onClick={invertMask}>
        {words.mask.invert}
      </Button>
      <Button look="quiet" className="text-sm" disabled={!mask} onClick={() => changeMask(undefined)}>
        {words.mask.clear}
      </Button>
      <FileButton
        accept="image/*"
        look="quiet"
        className="text-sm"
        onFile={(file) => void openMask(file, file.name).catch(report)}
      >
        {words.mask.upload}
      </FileButton>
      <Button look="quiet" className="text-sm" disabled={!mask} onClick={() => void download().catch(report)}>
        {words.mask.download}
      </Button>
      <p role="status" className="mr-auto text-sm text-muted tabular-nums">
        {mask ? words.mask.part(percentOf(mask.alpha)) : words.mask.everywhere}
      </p>
      <Button look="main" onClick={() => useMask.setState({ editing: false })}>
        {words.mask.done}
      </Button>
    </div>
  );
}

function ShapeChoice() {
  const words = useWords();
  const tool = useMask((state) => state.tool);
  return (
    <select
      value=""
      aria-label={tool === 'paint' ? words.mask.shape : words.mask.eraseShape}
      onChange={({ target }) => addShape(target.value as Shape)}
      className="min-h-9 max-w-40 rounded-lg border border-edge bg-surface px-2 text-sm"
    >
      <option value="" disabled>
        {tool === 'paint' ? words.mask.shape : words.mask.eraseShape}
      </option>
      {shapes.map((shape) => (
        <option key={shape} value={shape}>
          {words.mask.shapes[shape]}
        </option>
      ))}
    </select>
  );
}

function addShape(shape: Shape): void {
  const { tool, mask } = useMask.getState();
  const { width, height } = mask ?? maskSize();
  const canvas = document.createElement('canvas');
  Object.assign(canvas, { width, height });
  const context = canvas.getContext('2d', { willReadFrequently: true })!;
  drawMask(context, mask?.alpha);
  drawShape(context, tool, shape);
  changeMask({ width, height, alpha: alphaOf(context.getImageData(0, 0, width, height)) });
}

async function download(): Promise<void> {
  const made = await maskFile();
  if (made) saveFile(made.file, made.name);
}

/** How much of the photo dreams, at least 1 where any of it does. */
function percentOf(alpha: Uint8ClampedArray): number {
  const sum = alpha.reduce((total, value) => total + value, 0);
  return Math.max(1, Math.round((100 * sum) / (255 * alpha.length)));
}
