import type { CSSProperties, InputHTMLAttributes } from 'react';

interface SliderProps extends Omit<InputHTMLAttributes<HTMLInputElement>, 'onChange' | 'value'> {
  readonly value: number;
  readonly min: number;
  readonly max: number;
  readonly onValue: (value: number) => void;
}

/** A range that shows how much of it is taken. */
export function Slider({ value, min, max, onValue, className = '', ...rest }: SliderProps) {
  const filled = ((Math.min(Math.max(value, min), max) - min) / (max - min)) * 100;
  return (
    <input
      type="range"
      className={`slider ${className}`}
      style={{ '--filled': `${filled}%` } as CSSProperties}
      value={value}
      min={min}
      max={max}
      onChange={({ target }) => onValue(target.valueAsNumber)}
      {...rest}
    />
  );
}
