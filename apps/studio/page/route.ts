import { useEffect, useSyncExternalStore } from 'react';
import { withOption } from './state/settings.js';
import { changeSettings } from './state/settings-actions.js';
import { get } from './state/store.js';

/** Where in the page one is. */
export type Route = { readonly view: 'make'; readonly layer?: string } | { readonly view: 'gallery' };

/** The address of a layer: opening it chooses that layer alone. */
export function layerAddress(name: string): string {
  return `#/layer/${encodeURIComponent(name)}`;
}

/** Follows the address. An address that names a layer chooses it. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  const route = parse(hash);
  const layer = route.view === 'make' ? route.layer : undefined;
  useEffect(() => {
    if (layer !== undefined) changeSettings(withOption(get().settings, 'layers', layer));
  }, [layer]);
  return route;
}

function parse(hash: string): Route {
  const [, view, name] = hash.split('/');
  if (view === 'gallery') return { view: 'gallery' };
  return view === 'layer' && name ? { view: 'make', layer: decoded(name) } : { view: 'make' };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
