import { zoomOptions } from '../../../../src/index.js';
import { changeMovie } from '../state/movie-actions.js';
import { movieSettingsOf } from '../state/movie-settings.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Keyframes } from './keyframes.js';
import { NumberField } from './number-field.js';
import { SectionHeading } from './section-heading.js';

const numbers = ['frames', 'fps', 'zoom', 'rotate', 'panX', 'panY'] as const;
const choices = ['drift', 'driftTo', 'loop'] as const;

/** What is wanted of a movie: its length, what the camera does, and what holds its tones. */
export function MoviePanel() {
  const words = useWords();
  const settings = useStudio((state) => state.settings);
  const changed = useStudio(({ movie }) => movie.changed);
  const { movie } = movieSettingsOf(settings, changed);
  return (
    <section aria-labelledby="movie">
      <SectionHeading id="movie" hint={words.movie.hint}>
        {words.movie.heading}
      </SectionHeading>
      <div className="grid grid-cols-2 gap-x-3 gap-y-3">
        {numbers.map((name) => (
          <NumberField
            key={name}
            label={words.movie.options[name]}
            option={zoomOptions[name]}
            value={movie[name]}
            onValue={(value) => changeMovie({ [name]: value })}
          />
        ))}
      </div>
      <div className="mt-3 space-y-3">
        {choices.map((name) => (
          <label key={name} className="block text-sm">
            <span className="font-medium">{words.movie.options[name]}</span>
            <select
              value={movie[name]}
              onChange={({ target }) => changeMovie({ [name]: target.value })}
              className="mt-1 min-h-9 w-full rounded-lg border border-edge bg-surface px-2"
            >
              {zoomOptions[name].choices.map((choice) => (
                <option key={choice} value={choice}>
                  {words.movie.choices[choice]}
                </option>
              ))}
            </select>
          </label>
        ))}
        <label className="flex min-h-9 items-center gap-2 text-sm font-medium">
          <input
            type="checkbox"
            checked={movie.reverse}
            onChange={({ target }) => changeMovie({ reverse: target.checked })}
            className="size-5 accent-accent"
          />
          {words.movie.options.reverse}
        </label>
      </div>
      <Keyframes camera={movie.camera} lastFrame={movie.frames} zoom={movie.zoom} />
    </section>
  );
}
