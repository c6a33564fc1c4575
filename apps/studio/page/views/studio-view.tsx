import { Dock } from '../parts/dock.js';
import { EngineLine } from '../parts/engine-line.js';
import { Guides } from '../parts/guides.js';
import { LayerMix } from '../parts/layer-mix.js';
import { Looks } from '../parts/looks.js';
import { MakeChoice } from '../parts/make-choice.js';
import { MaskBar } from '../parts/mask/mask-bar.js';
import { MoviePanel } from '../parts/movie-panel.js';
import { MoviePlayer } from '../parts/movie-player.js';
import { OptionPanel } from '../parts/option-panel.js';
import { SizeChoice } from '../parts/size-choice.js';
import { Stage } from '../parts/stage.js';
import { StageTools } from '../parts/stage-tools.js';
import { useMask } from '../state/mask.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';

/** The picture, and everything that is done to it. */
export function StudioView() {
  const words = useWords();
  const masking = useMask((state) => state.editing);
  const films = useStudio(({ movie }) => movie.on);
  const film = useStudio(({ movie, running }) => (movie.on && !running ? movie.made : undefined));
  return (
    <main className="flex min-h-0 flex-1 flex-col lg:grid lg:grid-cols-[minmax(0,1fr)_25rem] 2xl:grid-cols-[minmax(0,1fr)_28rem]">
      <h1 className="sr-only">{words.title}</h1>
      <div className={`flex min-h-0 flex-col max-lg:shrink-0 ${masking ? 'max-lg:h-[70vh]' : 'max-lg:h-[46vh]'}`}>
        {film ? <MoviePlayer movie={film} /> : <Stage />}
        {masking && !film && <MaskBar />}
        <StageTools />
      </div>
      <div className="flex min-h-0 flex-1 flex-col border-line bg-paper max-lg:border-t lg:border-l">
        <div className="min-h-0 flex-1 space-y-8 overflow-y-auto px-4 py-5 sm:px-6">
          <MakeChoice />
          {films && <MoviePanel />}
          <Looks />
          <SizeChoice />
          <LayerMix />
          <Guides />
          <OptionPanel />
          <EngineLine className="pb-2" />
        </div>
        <Dock />
      </div>
    </main>
  );
}
