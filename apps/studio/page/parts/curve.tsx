const size = { width: 96, height: 32 };

/** The objective over the steps of an octave, as a small line. */
export function Curve({ values, label }: { readonly values: readonly number[]; readonly label: string }) {
  const low = Math.min(...values);
  const range = Math.max(...values) - low || 1;
  const points = values.map((value, i) => {
    const x = (i / Math.max(1, values.length - 1)) * (size.width - 4) + 2;
    const y = size.height - 2 - ((value - low) / range) * (size.height - 4);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  });
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size.width} ${size.height}`}
      className="h-8 w-24 shrink-0 text-accent"
    >
      <polyline points={points.join(' ')} fill="none" stroke="currentColor" strokeWidth="2" strokeLinejoin="round" />
    </svg>
  );
}
