import { lazy, Suspense, useEffect } from 'react';
import { useIncomingFiles } from './parts/incoming-files.js';
import { Notices } from './parts/notices.js';
import { TopBar } from './parts/top-bar.js';
import { type Route, useRoute } from './route.js';
import { startDream } from './state/dream-actions.js';
import { redoMask, undoMask, useMask } from './state/mask.js';
import { redo, undo } from './state/settings-actions.js';
import { useStudio } from './state/store.js';
import { GalleryView } from './views/gallery-view.js';
import { StudioView } from './views/studio-view.js';
import { Welcome } from './views/welcome.js';
import { useWords } from './words/index.js';

/** Fetched when they are first opened. */
const CompareView = lazy(() => import('./views/compare-view.js'));
const LayersView = lazy(() => import('./views/layers-view.js'));
const VariationsView = lazy(() => import('./views/variations-view.js'));

/** The page. */
export function App() {
  const words = useWords();
  const route = useRoute();
  const dropping = useIncomingFiles();
  useShortcuts();
  return (
    <div className="flex h-full flex-col">
      <TopBar view={route.view} />
      <Suspense fallback={<main className="flex-1" />}>
        <View route={route} />
      </Suspense>
      <Notices />
      {dropping && (
        <div className="pointer-events-none fixed inset-3 z-50 grid place-items-center rounded-2xl border-2 border-dashed border-accent bg-paper/85 text-2xl font-medium">
          {words.dropNow}
        </div>
      )}
    </div>
  );
}

function View({ route }: { readonly route: Route }) {
  const hasPhoto = useStudio(({ photo }) => photo !== undefined);
  switch (route.view) {
    case 'gallery':
      return <GalleryView />;
    case 'compare':
      return <CompareView ids={route.ids} />;
    case 'layers':
      return <LayersView {...route} />;
    case 'variations':
      return <VariationsView />;
    case 'make':
      return hasPhoto ? <StudioView /> : <Welcome />;
  }
}

const textFields = 'textarea, input:not([type=range], [type=radio], [type=checkbox])';

/** Undo, redo and dream, with the keys that people know; text fields keep their own undo. */
function useShortcuts(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!event.ctrlKey && !event.metaKey) return;
      const writes = event.target instanceof HTMLElement && event.target.matches(textFields);
      const key = event.key.toLowerCase();
      if (key === 'enter') void startDream();
      else if (key === 'z' && !writes) {
        const { editing } = useMask.getState();
        if (event.shiftKey) (editing ? redoMask : redo)();
        else (editing ? undoMask : undo)();
      } else return;
      event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}
