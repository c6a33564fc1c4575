import { cancelDream, startDream, stopDream } from '../state/dream-actions.js';
import { startMovie } from '../state/movie-actions.js';
import { movieSettingsOf, trialFrames } from '../state/movie-settings.js';
import { type Running, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { timeIn } from '../words/time.js';
import { Button } from './button.js';
import { Curve } from './curve.js';

/** The one thing to do, and how it goes. */
export function Dock() {
  const words = useWords();
  const running = useStudio((state) => state.running);
  const films = useStudio(({ movie }) => movie.on);
  return (
    <section
      aria-label={words.dream.region}
      className="shrink-0 border-t border-line bg-surface px-4 pt-3 pb-[max(0.75rem,env(safe-area-inset-bottom))] sm:px-6"
    >
      {running ? <Progress running={running} /> : films ? <StartMovie /> : <Start />}
    </section>
  );
}

function Start() {
  const words = useWords();
  const ready = useStudio(({ engine }) => engine.status === 'ready');
  const plan = useStudio((state) => state.plan);
  const speed = useStudio((state) => state.speed);
  const shown = useStudio((state) => state.shown);
  const { facts, refusal } = plan ?? {};
  return (
    <>
      {refusal && (
        <p role="alert" className="mb-2 text-sm text-danger">
          {words.refusals[refusal.code] ?? refusal.message}
        </p>
      )}
      <Button
        look="main"
        className="min-h-13 w-full rounded-xl text-lg"
        disabled={!ready || refusal !== undefined}
        onClick={() => void startDream()}
      >
        {shown ? words.dream.again : words.dream.start}
      </Button>
      <p className="mt-2 min-h-5 text-center text-sm text-muted tabular-nums" role="status">
        {shown && `${words.dream.done(timeIn(words, shown.elapsedMs))} `}
        {facts && words.dream.facts(facts.picture.width, facts.picture.height, facts.totalSteps)}
        {facts?.totalFlops && speed && ` · ${words.dream.about(timeIn(words, (facts.totalFlops / speed) * 1000))}`}
      </p>
    </>
  );
}

function StartMovie() {
  const words = useWords();
  const ready = useStudio(({ engine }) => engine.status === 'ready');
  const settings = useStudio((state) => state.settings);
  const movie = useStudio((state) => state.movie);
  const { frames, fps } = movieSettingsOf(settings, movie.changed).movie;
  return (
    <>
      <div className="grid grid-cols-[auto_1fr] gap-2">
        <Button className="min-h-13 rounded-xl" disabled={!ready} onClick={() => void startMovie(true)}>
          {words.movie.try(trialFrames)}
        </Button>
        <Button
          look="main"
          className="min-h-13 rounded-xl text-lg"
          disabled={!ready}
          onClick={() => void startMovie(false)}
        >
          {words.movie.start}
        </Button>
      </div>
      <p className="mt-2 min-h-5 text-center text-sm text-muted tabular-nums" role="status">
        {words.movie.facts(frames, timeIn(words, (frames / fps) * 1000))}
      </p>
    </>
  );
}

function Progress({ running }: { readonly running: Running }) {
  const words = useWords();
  const { octave, octaves, step, part01, remainingMs, curve, frames, queued, stopping } = running;
  const answers = useStudio(({ place, server }) => place === 'browser' || server?.answers !== false);
  const percent = Math.round(part01 * 100);
  return (
    <>
      <div className="flex items-center gap-4">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium tabular-nums">
            {stopping
              ? words.dream.stopping
              : frames
                ? words.movie.at(frames.done, frames.total)
                : step === 0
                  ? queued
                    ? words.dream.queued
                    : words.dream.preparing
                  : words.dream.at(octave, octaves, step)}
          </p>
          <p className="min-h-5 truncate text-sm text-muted tabular-nums">
            {remainingMs !== undefined && (step > 1 || frames) && words.dream.left(timeIn(words, remainingMs))}
          </p>
        </div>
        {curve.length > 0 && <Curve values={curve} label={words.dream.curve} />}
      </div>
      {!answers && (
        <p role="alert" className="mt-1 text-sm text-danger">
          {words.server.silent}
        </p>
      )}
      <progress
        value={part01}
        max={1}
        aria-label={words.dream.heading}
        className="mt-2 block h-1.5 w-full appearance-none overflow-hidden rounded-full bg-line [&::-moz-progress-bar]:bg-accent [&::-webkit-progress-bar]:bg-line [&::-webkit-progress-value]:bg-accent"
      />
      <p role="status" className="sr-only">
        {percent >= 10 && words.dream.percent(Math.floor(percent / 10) * 10)}
      </p>
      <div className="mt-3 grid grid-cols-2 gap-2">
        <Button onClick={stopDream} disabled={stopping || (step === 0 && !frames?.done)}>
          {words.dream.stop}
        </Button>
        <Button onClick={cancelDream}>{words.dream.cancel}</Button>
      </div>
    </>
  );
}
