import type { ReactNode } from 'react';

/** The heading of a part of the panel, with a line about it. */
export function SectionHeading({ id, hint, children }: { id: string; hint?: string; children: ReactNode }) {
  return (
    <div className="mb-3">
      <h2 id={id} className="text-base font-semibold">
        {children}
      </h2>
      {hint && <p className="text-sm text-muted">{hint}</p>}
    </div>
  );
}
