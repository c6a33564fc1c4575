import { Button } from '../parts/button.js';
import { EngineLine } from '../parts/engine-line.js';
import { FileButton } from '../parts/file-button.js';
import { ServerJobs } from '../parts/server-jobs.js';
import { openFile, openSample } from '../state/photo-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';

/** What is there before there is a photo. */
export function Welcome() {
  const words = useWords();
  const opening = useStudio((state) => state.opening);
  const place = useStudio((state) => state.place);
  const open = (file: File) => void openFile(file, file.name);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto grid min-h-full max-w-6xl content-center items-center gap-8 px-5 py-8 lg:grid-cols-2 lg:gap-14 lg:px-8">
        <div className="max-w-xl">
          <h1 className="text-4xl/tight font-semibold tracking-tight text-balance sm:text-5xl/tight">
            {words.tagline}
          </h1>
          <p className="mt-5 text-lg/relaxed text-pretty text-muted">{words.intro}</p>
          <div className="mt-8 flex flex-wrap gap-3">
            <FileButton accept="image/*" onFile={open} look="main" icon="picture" className="min-h-12 px-5 text-base">
              {words.choosePhoto}
            </FileButton>
            <FileButton
              accept="image/*"
              camera
              onFile={open}
              icon="camera"
              className="min-h-12 px-5 text-base sm:hidden"
            >
              {words.takePhoto}
            </FileButton>
          </div>
          <p className="mt-4 text-muted">{opening ? words.openingPhoto : words.dropHint}</p>
          <p className="mt-6 border-l-2 border-accent pl-3">
            {place === 'server' ? words.server.private : words.private}
          </p>
          <EngineLine className="mt-3" />
          <ServerJobs className="mt-6" />
        </div>
        <figure className="relative max-lg:order-first overflow-hidden rounded-2xl bg-stage shadow-xl shadow-shade">
          <img
            src="./sample.jpg"
            alt=""
            width={1200}
            height={800}
            className="block h-auto w-full max-lg:max-h-[38vh] max-lg:object-cover"
          />
          <figcaption className="absolute inset-x-0 bottom-0 flex justify-end bg-linear-to-t from-black/50 to-transparent p-4 pt-16">
            <Button className="min-h-11 border-transparent px-5" onClick={() => void openSample()} disabled={opening}>
              {words.trySample}
            </Button>
          </figcaption>
        </figure>
      </div>
    </main>
  );
}
