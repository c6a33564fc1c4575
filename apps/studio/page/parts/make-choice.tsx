import { ToggleGroup } from 'radix-ui';
import { chooseMovie } from '../state/movie-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';

/** Whether a picture is made, or a movie. */
export function MakeChoice() {
  const words = useWords();
  const films = useStudio(({ movie }) => movie.on);
  const isBusy = useStudio(({ running }) => running !== undefined);
  return (
    <ToggleGroup.Root
      type="single"
      value={films ? 'movie' : 'picture'}
      disabled={isBusy}
      aria-label={words.movie.what}
      onValueChange={(value) => {
        if (value !== '') chooseMovie(value === 'movie');
      }}
      className="grid auto-cols-fr grid-flow-col gap-1 rounded-xl bg-stage p-1"
    >
      <Choice value="picture">{words.movie.picture}</Choice>
      <Choice value="movie">{words.movie.movie}</Choice>
    </ToggleGroup.Root>
  );
}

function Choice({ value, children }: { readonly value: string; readonly children: string }) {
  return (
    <ToggleGroup.Item
      value={value}
      className="min-h-10 rounded-lg px-2 font-medium text-muted hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-sm data-[state=on]:shadow-shade"
    >
      {children}
    </ToggleGroup.Item>
  );
}
