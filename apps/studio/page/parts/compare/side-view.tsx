import type { Size } from '../../../../../src/index.js';

/** A picture as it is compared. */
export interface ShownPicture {
  readonly url: string;
  readonly label: string;
  readonly size: Size;
}

/** Two pictures beside each other; one under the other where there is no room. */
export function SideView({ pictures }: { readonly pictures: readonly ShownPicture[] }) {
  return (
    <div className="grid items-start gap-3 sm:grid-cols-2">
      {pictures.map(({ url, label }, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: there are always the same two
        <img key={i} src={url} alt={label} className="h-auto max-h-[72vh] w-full rounded-xl bg-stage object-contain" />
      ))}
    </div>
  );
}
