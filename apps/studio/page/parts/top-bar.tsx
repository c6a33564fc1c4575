import { type ReactNode, useSyncExternalStore } from 'react';
import { layerAddress, type Route } from '../route.js';
import { useStudio } from '../state/store.js';
import { chooseLanguage, chooseTheme, usePreferences, useWords } from '../words/index.js';
import { IconButton } from './button.js';

/** The name of the house, the views, and how the page looks and speaks. */
export function TopBar({ view }: { readonly view: Route['view'] }) {
  const words = useWords();
  const count = useStudio(({ gallery }) => gallery.length);
  const language = usePreferences((preferences) => preferences.language);
  const dark = useIsDark();
  return (
    <header className="flex h-14 shrink-0 items-center gap-0.5 border-b border-line bg-surface px-2 sm:gap-2 sm:px-5">
      <a href="#/" className="mr-auto flex min-h-9 items-center gap-2.5 rounded-lg font-semibold tracking-tight">
        <Mark />
        <span className="max-[459px]:sr-only">pareidolia</span>
      </a>
      <nav aria-label={words.views} className="flex min-w-0 overflow-x-auto sm:gap-1">
        <ViewLink href="#/" current={view === 'make' || view === 'variations'}>
          {words.make}
        </ViewLink>
        <ViewLink href={layerAddress()} current={view === 'layers'}>
          {words.inspect.nav}
        </ViewLink>
        <ViewLink href="#/gallery" current={view === 'gallery' || view === 'compare'} title={words.galleryCount(count)}>
          {words.gallery}
          {count > 0 && <span className="ml-1.5 text-xs tabular-nums max-[399px]:hidden">{count}</span>}
        </ViewLink>
      </nav>
      <span className="mx-1 h-5 w-px bg-line max-sm:hidden" />
      <button
        type="button"
        lang={language === 'en' ? 'zh-CN' : 'en'}
        title={words.switchLanguage}
        className="min-h-9 shrink-0 rounded-lg px-2 text-sm sm:px-2.5 font-medium whitespace-nowrap hover:bg-tint"
        onClick={() => chooseLanguage(language === 'en' ? 'zh-CN' : 'en')}
      >
        {language === 'en' ? '中文' : 'English'}
      </button>
      <IconButton
        icon={dark ? 'sun' : 'moon'}
        label={dark ? words.theme.toLight : words.theme.toDark}
        onClick={() => chooseTheme(dark ? 'light' : 'dark')}
      />
    </header>
  );
}

interface ViewLinkProps {
  readonly href: string;
  readonly current: boolean;
  readonly title?: string;
  readonly children: ReactNode;
}

function ViewLink({ href, current, title, children }: ViewLinkProps) {
  return (
    <a
      href={href}
      aria-current={current ? 'page' : undefined}
      title={title}
      className={`inline-flex min-h-9 shrink-0 items-center rounded-lg px-2 text-sm font-medium whitespace-nowrap -outline-offset-2 sm:px-3 ${current ? 'bg-tint text-ink' : 'text-muted hover:bg-tint hover:text-ink'}`}
    >
      {children}
    </a>
  );
}

function useIsDark(): boolean {
  const theme = usePreferences((preferences) => preferences.theme);
  const system = useSyncExternalStore(followSystem, () => window.matchMedia(darkSystem).matches);
  return theme === 'system' ? system : theme === 'dark';
}

const darkSystem = '(prefers-color-scheme: dark)';

function followSystem(changed: () => void): () => void {
  const query = window.matchMedia(darkSystem);
  query.addEventListener('change', changed);
  return () => query.removeEventListener('change', changed);
}

/** A cloud that looks back. */
function Mark() {
  return (
    <svg aria-hidden="true" viewBox="0 0 32 24" className="h-6 w-8 text-accent">
      <path d="M6.5 20.5h18a6 6 0 0 0 1-11.9A9.3 9.3 0 0 0 8 7.6a6.5 6.5 0 0 0-1.5 12.9Z" fill="currentColor" />
      <circle cx="12.5" cy="13.5" r="1.7" fill="var(--surface)" />
      <circle cx="20" cy="13.5" r="1.7" fill="var(--surface)" />
    </svg>
  );
}
