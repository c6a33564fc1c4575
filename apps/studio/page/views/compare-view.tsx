import { useState } from 'react';
import { DifferenceTable } from '../parts/compare/difference-table.js';
import { type ShownPicture, SideView } from '../parts/compare/side-view.js';
import { SliderView } from '../parts/compare/slider-view.js';
import { useObjectUrl } from '../parts/use-object-url.js';
import { type MadePicture, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';

/** Two pictures of the gallery, and in what they differ. */
export default function CompareView({ ids }: { readonly ids: readonly [string, string] }) {
  const words = useWords();
  const gallery = useStudio((state) => state.gallery);
  const [first, second] = ids.map((id) => gallery.find((each) => each.id === id));
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-7xl px-4 py-6 sm:px-8">
        <a
          href="#/gallery"
          className="inline-block min-h-9 content-center text-sm font-medium underline underline-offset-4"
        >
          {words.compareView.back}
        </a>
        <h1 className="text-3xl font-semibold tracking-tight">{words.compareView.heading}</h1>
        {first && second ? (
          <Both first={first} second={second} />
        ) : (
          <p className="mt-4 text-muted">{words.compareView.gone}</p>
        )}
      </div>
    </main>
  );
}

const ways = ['bySlider', 'sideBySide'] as const;

function Both({ first, second }: { readonly first: MadePicture; readonly second: MadePicture }) {
  const words = useWords();
  const [way, setWay] = useState<(typeof ways)[number]>('bySlider');
  const one = useShown(first, words.compareView.first);
  const other = useShown(second, words.compareView.second);
  return (
    <>
      <div role="radiogroup" aria-label={words.compareView.way} className="mt-4 mb-4 flex flex-wrap gap-4">
        {ways.map((each) => (
          <label key={each} className="inline-flex min-h-9 cursor-pointer items-center gap-2">
            <input
              type="radio"
              name="way"
              checked={way === each}
              onChange={() => setWay(each)}
              className="accent-accent"
            />
            {words.compareView[each]}
          </label>
        ))}
      </div>
      {one &&
        other &&
        (way === 'bySlider' ? <SliderView first={one} second={other} /> : <SideView pictures={[one, other]} />)}
      <DifferenceTable first={first} second={second} />
    </>
  );
}

function useShown(picture: MadePicture, place: string): ShownPicture | undefined {
  const words = useWords();
  const url = useObjectUrl(picture.file);
  const label = words.compareView.picture(place, picture.photo.name, words.presets[picture.preset]);
  return url === undefined ? undefined : { url, label, size: picture.size };
}
