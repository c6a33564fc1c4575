import { closeMovie } from '../state/movie-actions.js';
import { type MovieState, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { IconButton } from './button.js';
import { Icon } from './icon.js';

/** The movie that was made. It is not played by itself. */
export function MoviePlayer({ movie }: { readonly movie: NonNullable<MovieState['made']> }) {
  const words = useWords();
  const loops = useStudio((state) => state.movie.changed.loop);
  const { url, photo, extension, flashing } = movie;
  return (
    <section aria-label={words.movie.player} className="flex min-h-0 flex-1 flex-col bg-stage" data-shown="movie">
      {flashing && (
        <p role="alert" className="bg-surface px-4 py-2 text-sm text-danger">
          {words.movie.flashes(flashing.flashes, flashing.at)}
        </p>
      )}
      {/* biome-ignore lint/a11y/useMediaCaption: these movies have no sound */}
      <video
        src={url}
        controls
        playsInline
        loop={loops !== undefined && loops !== 'none'}
        aria-label={words.movie.of(photo)}
        className="min-h-0 w-full flex-1 object-contain p-4"
      />
      <div className="flex items-center justify-center gap-2 pb-3">
        <a
          href={url}
          download={`${photo.replace(/\.[^.]*$/, '')}-zoom.${extension}`}
          className="inline-flex min-h-10 items-center gap-2 rounded-lg bg-accent px-4 font-medium text-on-accent hover:brightness-110"
        >
          <Icon name="download" />
          {words.movie.download}
        </a>
        <IconButton icon="close" label={words.movie.close} onClick={closeMovie} />
      </div>
    </section>
  );
}
