import { useEffect, useSyncExternalStore } from 'react';
import { withOption } from './state/settings.js';
import { changeSettings } from './state/settings-actions.js';
import { get } from './state/store.js';

/** Where in the page one is. */
export type Route =
  | { readonly view: 'make'; readonly layer?: string }
  | { readonly view: 'gallery' }
  | { readonly view: 'variations' }
  | { readonly view: 'compare'; readonly ids: readonly [string, string] }
  | { readonly view: 'layers'; readonly layer?: string; readonly channel?: number };

/** The address of the layer browser, of a layer in it, or of a channel of that. */
export function layerAddress(name?: string, channel?: number): string {
  const parts = [
    ...(name === undefined ? [] : [encodeURIComponent(name)]),
    ...(channel === undefined ? [] : [channel]),
  ];
  return ['#/layers', ...parts].join('/');
}

/** The address of two pictures of the gallery side by side. */
export function compareAddress([first, second]: readonly [string, string]): string {
  return `#/compare/${first}/${second}`;
}

/** Follows the address. `#/layer/mixed4` chooses that layer alone. */
export function useRoute(): Route {
  const hash = useSyncExternalStore(
    (changed) => {
      window.addEventListener('hashchange', changed);
      return () => window.removeEventListener('hashchange', changed);
    },
    () => window.location.hash,
  );
  const route = parseRoute(hash);
  const layer = route.view === 'make' ? route.layer : undefined;
  useEffect(() => {
    if (layer !== undefined) changeSettings(withOption(get().settings, 'layers', layer));
  }, [layer]);
  return route;
}

/** Reads the part of an address from `#` on. What it does not know leads to the start. */
export function parseRoute(hash: string): Route {
  const [, view, name, number = ''] = hash.split('/');
  if (view === 'gallery' || view === 'variations') return { view };
  if (view === 'compare' && name) return { view, ids: [name, number] };
  if (view === 'layers') {
    const channel = /^\d+$/.test(number) ? { channel: Number(number) } : {};
    return { view, ...(name && { layer: decoded(name), ...channel }) };
  }
  return view === 'layer' && name ? { view: 'make', layer: decoded(name) } : { view: 'make' };
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
