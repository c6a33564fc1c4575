import { easings, zoomOptions } from '../../../../src/index.js';
import { changeMovie } from '../state/movie-actions.js';
import { type CameraKey, cameraKeysOf, cameraOf } from '../state/movie-settings.js';
import { useWords } from '../words/index.js';
import { Button, IconButton } from './button.js';
import { NumberField } from './number-field.js';

const moves = ['zoom', 'rotate', 'panX', 'panY'] as const;

interface KeyframesProps {
  readonly camera: string;
  readonly lastFrame: number;
  readonly zoom: number;
}

/** Frames at which the camera does something else, as a list. */
export function Keyframes({ camera, lastFrame, zoom }: KeyframesProps) {
  const words = useWords();
  const keys = cameraKeysOf(camera);
  const put = (next: readonly CameraKey[]) => changeMovie({ camera: cameraOf(next) });
  const free = firstFree(keys, Math.round(lastFrame / 2));
  return (
    <div className="mt-4">
      <h3 className="font-medium">{words.movie.keyframes}</h3>
      <p className="text-sm text-muted">{words.movie.keyframesHint}</p>
      <ol className="mt-2 space-y-2">
        {keys.map((key) => (
          <li key={key.frame} className="rounded-xl border border-line bg-surface p-3">
            <KeyframeRow
              entry={key}
              isTaken={(frame) => keys.some((each) => each !== key && each.frame === frame)}
              onChange={(changed) => put(keys.map((each) => (each === key ? changed : each)))}
              onRemove={() => put(keys.filter((each) => each !== key))}
            />
          </li>
        ))}
      </ol>
      <Button icon="add" className="mt-2" onClick={() => put([...keys, { frame: free, ease: 'in-out', zoom }])}>
        {words.movie.addKeyframe}
      </Button>
    </div>
  );
}

interface KeyframeRowProps {
  readonly entry: CameraKey;
  readonly isTaken: (frame: number) => boolean;
  readonly onChange: (entry: CameraKey) => void;
  readonly onRemove: () => void;
}

function KeyframeRow({ entry, isTaken, onChange, onRemove }: KeyframeRowProps) {
  const words = useWords();
  const { frame, ease } = entry;
  const set = moves.filter((name) => entry[name] !== undefined);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out as a grid everywhere
    <div role="group" aria-label={words.movie.keyframe(frame)} className="grid grid-cols-4 items-end gap-2">
      <NumberField
        label={words.movie.frame}
        option={{ kind: 'integer', min: 0, max: zoomOptions.frames.max }}
        value={frame}
        late
        onValue={(value) => {
          if (!isTaken(value)) onChange({ ...entry, frame: value });
        }}
      />
      <label className="col-span-2 text-sm">
        <span className="font-medium">{words.movie.ease}</span>
        <select
          value={ease}
          onChange={({ target }) => onChange({ ...entry, ease: target.value as CameraKey['ease'] })}
          className="mt-1 min-h-9 w-full rounded-lg border border-edge bg-surface px-2"
        >
          {easings.map((name) => (
            <option key={name} value={name}>
              {words.movie.easings[name]}
            </option>
          ))}
        </select>
      </label>
      <IconButton
        icon="trash"
        label={words.movie.removeKeyframe(frame)}
        onClick={onRemove}
        className="justify-self-end"
      />
      {moves.map((name) => (
        <NumberField
          key={name}
          label={words.movie.options[name]}
          option={{ kind: 'number', min: zoomOptions[name].min, max: zoomOptions[name].max }}
          value={entry[name]}
          onValue={(value) => onChange({ ...entry, [name]: value })}
          // A keyframe that sets nothing would be none.
          {...((set.length > 1 || entry[name] === undefined) && { onEmpty: () => onChange(without(entry, name)) })}
        />
      ))}
    </div>
  );
}

function without(entry: CameraKey, name: (typeof moves)[number]): CameraKey {
  const { [name]: _, ...rest } = entry;
  return rest;
}

/** The frame nearest behind another at which there is no keyframe. */
function firstFree(keys: readonly CameraKey[], from: number): number {
  const taken = new Set(keys.map(({ frame }) => frame));
  let frame = Math.max(1, from);
  while (taken.has(frame)) frame++;
  return frame;
}
