import { useMask } from '../state/mask.js';
import { openFile } from '../state/photo-actions.js';
import { redo, undo } from '../state/settings-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { IconButton } from './button.js';
import { CopyMenu } from './copy-menu.js';
import { DownloadMenu } from './download-menu.js';
import { FileButton } from './file-button.js';
import { Icon } from './icon.js';
import { placementOf, useZoom, zoomBy, zoomTo, zoomToFit } from './use-zoom.js';

/** What is done with the picture as a whole. */
export function StageTools() {
  const words = useWords();
  const canUndo = useStudio(({ past }) => past.length > 0);
  const canRedo = useStudio(({ future }) => future.length > 0);
  return (
    <div
      role="toolbar"
      aria-label={words.picture.tools}
      className="flex shrink-0 items-center gap-0.5 overflow-x-auto border-t border-line bg-surface px-2 py-1.5 sm:gap-1 sm:px-3"
    >
      <FileButton
        accept="image/*"
        onFile={(file) => void openFile(file, file.name)}
        look="quiet"
        icon="picture"
        className="shrink-0 max-sm:px-2"
      >
        <span className="max-sm:sr-only">{words.picture.newPhoto}</span>
      </FileButton>
      <IconButton icon="undo" label={words.picture.undo} disabled={!canUndo} onClick={undo} />
      <IconButton
        icon="redo"
        label={words.picture.redo}
        disabled={!canRedo}
        onClick={redo}
        className="max-[379px]:hidden"
      />
      <MaskButton />
      <ZoomTools />
      <CopyMenu />
      <DownloadMenu />
    </div>
  );
}

/** Opens and closes the painting of a mask; the dot says that there is one. */
function MaskButton() {
  const words = useWords();
  const editing = useMask((state) => state.editing);
  const hasMask = useMask(({ mask }) => mask !== undefined);
  return (
    <button
      type="button"
      aria-pressed={editing}
      title={words.mask.openTitle}
      onClick={() => useMask.setState({ editing: !editing })}
      className="relative inline-flex min-h-9 shrink-0 items-center gap-2 rounded-lg px-2 font-medium hover:bg-tint aria-pressed:bg-tint sm:px-3"
    >
      <Icon name="mask" />
      <span className="max-sm:sr-only">{words.mask.open}</span>
      {hasMask && <span aria-hidden="true" className="absolute top-1 right-1 size-2 rounded-full bg-accent" />}
    </button>
  );
}

function ZoomTools() {
  const words = useWords();
  const scale = useZoom((state) => placementOf(state).scale);
  return (
    <div className="mx-auto flex items-center">
      <IconButton icon="minus" label={words.picture.zoomOut} onClick={() => zoomBy(0.8)} />
      <button
        type="button"
        onClick={zoomToFit}
        title={words.picture.fit}
        aria-label={`${words.picture.fit}, ${Math.round(scale * 100)} %`}
        className="min-h-9 min-w-12 rounded-lg px-1 text-sm whitespace-nowrap tabular-nums hover:bg-tint"
      >
        {Math.round(scale * 100)} %
      </button>
      <IconButton icon="add" label={words.picture.zoomIn} onClick={() => zoomBy(1.25)} />
      <button
        type="button"
        onClick={() => zoomTo(1)}
        className="min-h-9 rounded-lg px-2 text-sm hover:bg-tint max-[420px]:hidden"
      >
        {words.picture.own}
      </button>
    </div>
  );
}
