import type { ReactNode } from 'react';
import { keepInGallery } from '../state/gallery-actions.js';
import { type Notice, set, useStudio } from '../state/store.js';
import type { Words } from '../words/en.js';
import { usePreferences, useWords } from '../words/index.js';
import { Button, IconButton } from './button.js';

/** What the page has to tell, one thing at a time, at its foot. */
export function Notices() {
  const words = useWords();
  const notice = useStudio((state) => state.notice);
  const english = usePreferences(({ language }) => language === 'en');
  const refusal = notice?.kind === 'refusal' ? notice.refusal : undefined;
  return (
    <section
      aria-label={words.notice.region}
      aria-live="polite"
      className="pointer-events-none fixed inset-x-0 top-16 z-40 flex justify-center px-3"
    >
      {notice && (
        <div
          className={`pointer-events-auto flex max-w-xl items-start gap-3 rounded-xl border bg-surface py-2 pr-2 pl-4 shadow-lg shadow-shade ${refusal ? 'border-danger' : 'border-edge'}`}
        >
          <div className="min-w-0 flex-1 py-1.5">
            {textOf(notice, words)}
            {refusal && !english && words.refusals[refusal.code] && (
              <details className="mt-1 text-sm text-muted">
                <summary>{words.notice.details}</summary>
                <span lang="en">{refusal.message}</span>
              </details>
            )}
          </div>
          {notice.kind === 'deleted' && (
            <Button
              look="quiet"
              onClick={() => {
                void keepInGallery(notice.picture);
                set({ notice: undefined });
              }}
            >
              {words.notice.putBack}
            </Button>
          )}
          <IconButton icon="close" label={words.notice.close} onClick={() => set({ notice: undefined })} />
        </div>
      )}
    </section>
  );
}

function textOf(notice: Notice, words: Words): ReactNode {
  switch (notice.kind) {
    case 'refusal':
      return words.refusals[notice.refusal.code] ?? notice.refusal.message;
    case 'restored':
      return [
        words.notice.restored(notice.from),
        notice.photoIsOpen ? '' : words.notice.restoredElsewhere(notice.photo),
        notice.missingMask === undefined ? '' : words.mask.missing(notice.missingMask),
      ].join(' ');
    case 'deleted':
      return words.notice.deleted;
    case 'crashed':
      return words.notice.crashed;
    case 'copied':
      return words.copy.done;
  }
}
