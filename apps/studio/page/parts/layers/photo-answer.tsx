import { type ReactNode, useEffect } from 'react';
import { type Look, lookAtLayer, useInspection } from '../../state/inspection.js';
import { openFile } from '../../state/photo-actions.js';
import { useStudio } from '../../state/store.js';
import { useWords } from '../../words/index.js';
import { FileButton } from '../file-button.js';

/** Shows the photo to a layer and gives what it answers; until then, what there is to wait for. */
export function PhotoAnswer({
  layer,
  children,
}: {
  readonly layer: string;
  readonly children: (look: Extract<Look, { status: 'seen' }>) => ReactNode;
}) {
  const words = useWords();
  const look = useInspection((state) => state.look);
  const photo = useStudio((state) => state.photo);
  const engine = useStudio((state) => state.engine);
  const isBusy = useStudio(({ running }) => running !== undefined);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another photo or network is looked at as well
  useEffect(() => void lookAtLayer(layer), [layer, photo, engine]);
  if (!photo) {
    return (
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <p className="text-muted">{words.inspect.noPhoto}</p>
        <FileButton accept="image/*" icon="picture" onFile={(file) => void openFile(file, file.name)}>
          {words.inspect.openPhoto}
        </FileButton>
      </div>
    );
  }
  if (look?.status === 'seen') return children(look);
  return (
    <p role="status" className={look?.status === 'failed' ? 'text-danger' : 'text-muted'}>
      {look?.status === 'failed'
        ? (words.refusals[look.refusal.code] ?? look.refusal.message)
        : isBusy
          ? words.inspect.busy
          : words.inspect.looking}
    </p>
  );
}
