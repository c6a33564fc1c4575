import { useEffect } from 'react';
import { useIncomingFiles } from './parts/incoming-files.js';
import { Notices } from './parts/notices.js';
import { TopBar } from './parts/top-bar.js';
import { useRoute } from './route.js';
import { startDream } from './state/dream-actions.js';
import { redo, undo } from './state/settings-actions.js';
import { useStudio } from './state/store.js';
import { GalleryView } from './views/gallery-view.js';
import { StudioView } from './views/studio-view.js';
import { Welcome } from './views/welcome.js';
import { useWords } from './words/index.js';

/** The page. */
export function App() {
  const words = useWords();
  const route = useRoute();
  const hasPhoto = useStudio(({ photo }) => photo !== undefined);
  const dropping = useIncomingFiles();
  useShortcuts();
  return (
    <div className="flex h-full flex-col">
      <TopBar view={route.view} />
      {route.view === 'gallery' ? <GalleryView /> : hasPhoto ? <StudioView /> : <Welcome />}
      <Notices />
      {dropping && (
        <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-paper/85 text-2xl font-medium">
          {words.dropNow}
        </div>
      )}
    </div>
  );
}

/** Undo, redo and dream, with the keys that people know; text fields keep their own undo. */
function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      const writes = event.target instanceof HTMLElement && event.target.matches('input:not([type=range]), textarea');
      const key = event.key.toLowerCase();
      if (key === 'enter') void startDream();
      else if (key === 'z' && !writes) {
        if (event.shiftKey) redo();
        else undo();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
