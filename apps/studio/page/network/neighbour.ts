import type { Layout } from './layout.js';

/**
 * The node that an arrow key leads to: left and right along the lines, up and down to the nearest one above or below.
 *
 * @returns undefined where there is none, and for other keys
 */
export function neighbour({ places, lines }: Layout, name: string, key: string): string | undefined {
  if (key === 'Home') return places[0]?.name;
  if (key === 'End') return places.at(-1)?.name;
  if (key === 'ArrowLeft') return lines.find(({ to }) => to === name)?.from;
  if (key === 'ArrowRight') return lines.find(({ from }) => from === name)?.to;
  const here = places.find((place) => place.name === name);
  const side = key === 'ArrowUp' ? -1 : key === 'ArrowDown' ? 1 : 0;
  if (!here || side === 0) return undefined;
  const distance = (place: (typeof places)[number]) => Math.hypot(place.column - here.column, place.lane - here.lane);
  const beyond = places.filter(({ lane }) => (lane - here.lane) * side > 0);
  return beyond.toSorted((a, b) => distance(a) - distance(b))[0]?.name;
}
