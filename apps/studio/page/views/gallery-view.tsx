import { useState } from 'react';
import { IconButton } from '../parts/button.js';
import { ServerJobs } from '../parts/server-jobs.js';
import { useObjectUrl } from '../parts/use-object-url.js';
import { compareAddress } from '../route.js';
import { deletePicture } from '../state/gallery-actions.js';
import { reopen } from '../state/photo-actions.js';
import { type MadePicture, useStudio } from '../state/store.js';
import { usePreferences, useWords } from '../words/index.js';

/** Every picture that was made here. */
export function GalleryView() {
  const words = useWords();
  const gallery = useStudio((state) => state.gallery);
  const place = useStudio((state) => state.place);
  const [picked, setPicked] = useState<readonly string[]>([]);
  const there = picked.filter((id) => gallery.some((picture) => picture.id === id));
  const pick = (id: string): void =>
    setPicked(there.includes(id) ? there.filter((each) => each !== id) : [...there.slice(-1), id]);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-7xl px-4 py-8 sm:px-8">
        <h1 className="text-3xl font-semibold tracking-tight">{words.galleryView.heading}</h1>
        <p className="mt-2 text-muted">{place === 'server' ? words.server.gallery : words.galleryView.intro}</p>
        <ServerJobs className="mt-6 max-w-3xl" />
        {gallery.length > 1 && <CompareLine picked={there} />}
        {gallery.length === 0 ? (
          <Empty />
        ) : (
          <ul className="mt-8 grid grid-cols-[repeat(auto-fill,minmax(min(16rem,100%),1fr))] gap-x-5 gap-y-8">
            {gallery.map((picture) => (
              <Item
                key={picture.id}
                picture={picture}
                isPicked={there.includes(picture.id)}
                onPick={() => pick(picture.id)}
              />
            ))}
          </ul>
        )}
      </div>
    </main>
  );
}

function Empty() {
  const words = useWords();
  return (
    <div className="mt-10 grid place-items-center rounded-2xl border border-dashed border-edge px-6 py-20 text-center">
      <p className="text-xl font-medium">{words.galleryView.empty}</p>
      <p className="mt-2 max-w-md text-muted">{words.galleryView.emptyHint}</p>
      <a
        href="#/"
        className="mt-6 inline-flex min-h-11 items-center rounded-lg bg-accent px-5 font-medium text-on-accent hover:brightness-110"
      >
        {words.galleryView.start}
      </a>
    </div>
  );
}

/** Leads to the comparison, once two are picked. */
function CompareLine({ picked }: { readonly picked: readonly string[] }) {
  const words = useWords();
  const [first, second] = picked;
  return (
    <div className="mt-3 flex min-h-11 items-center">
      {first !== undefined && second !== undefined ? (
        <a
          href={compareAddress([first, second])}
          className="inline-flex min-h-11 items-center rounded-lg bg-accent px-5 font-medium text-on-accent hover:brightness-110"
        >
          {words.compareView.start}
        </a>
      ) : (
        <p role="status">{first === undefined ? words.compareView.chooseTwo : words.compareView.chooseOne}</p>
      )}
    </div>
  );
}

interface ItemProps {
  readonly picture: MadePicture;
  readonly isPicked: boolean;
  readonly onPick: () => void;
}

function Item({ picture, isPicked, onPick }: ItemProps) {
  const words = useWords();
  const language = usePreferences((preferences) => preferences.language);
  const url = useObjectUrl(picture.file);
  const look = words.presets[picture.preset];
  const { width, height } = picture.size;
  const when = new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(picture.madeAt);
  return (
    <li>
      <button
        type="button"
        aria-label={words.galleryView.openName(picture.photo.name, look)}
        onClick={() => {
          window.location.hash = '#/';
          void reopen(picture);
        }}
        className="block w-full overflow-hidden rounded-xl bg-stage transition-shadow hover:shadow-lg hover:shadow-shade"
      >
        <img src={url} alt="" loading="lazy" className="aspect-4/3 w-full object-cover" />
      </button>
      <div className="mt-2 flex items-start gap-2">
        <div className="min-w-0 flex-1">
          <p className="truncate font-medium">{look}</p>
          <p className="truncate text-sm text-muted">
            {picture.photo.name} · {width} × {height}
          </p>
          <p className="truncate text-sm text-muted">{when}</p>
        </div>
        <IconButton
          icon="compare"
          aria-pressed={isPicked}
          label={words.compareView.choose(picture.photo.name, look)}
          onClick={onPick}
          className="aria-pressed:bg-accent aria-pressed:text-on-accent"
        />
        <IconButton
          icon="trash"
          label={words.galleryView.delete(picture.photo.name)}
          onClick={() => void deletePicture(picture)}
        />
      </div>
    </li>
  );
}
