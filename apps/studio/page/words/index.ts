import { create } from 'zustand';
import { recall, remember } from '../state/kept.js';
import { en, type Words } from './en.js';
import { zh } from './zh.js';

/** The languages of the page. */
export type Language = 'en' | 'zh-CN';

/** How the page looks; `system` follows the machine. */
export type Theme = 'system' | 'light' | 'dark';

const wordsOf: Readonly<Record<Language, Words>> = { en, 'zh-CN': zh };

/** What the visitor prefers; kept on this machine. */
export const usePreferences = create<{ readonly language: Language; readonly theme: Theme }>(() => ({
  language: kept('language', ['en', 'zh-CN']) ?? (navigator.language.startsWith('zh') ? 'zh-CN' : 'en'),
  theme: kept('theme', ['light', 'dark']) ?? 'system',
}));

/** The words of the page in its language. */
export function useWords(): Words {
  return wordsOf[usePreferences(({ language }) => language)];
}

/** Changes the language. */
export function chooseLanguage(language: Language): void {
  usePreferences.setState({ language });
  remember('language', language);
}

/** Changes between light and dark. */
export function chooseTheme(theme: Theme): void {
  usePreferences.setState({ theme });
  remember('theme', theme);
}

/** Keeps the document's own attributes up with the preferences. */
export function applyPreferences(): void {
  const apply = (): void => {
    const { language, theme } = usePreferences.getState();
    const root = document.documentElement;
    root.lang = language;
    document.title = wordsOf[language].title;
    if (theme === 'system') delete root.dataset['theme'];
    else root.dataset['theme'] = theme;
  };
  usePreferences.subscribe(apply);
  apply();
}

function kept<T extends string>(name: string, values: readonly T[]): T | undefined {
  const value = recall(name);
  return values.find((each) => each === value);
}
