import { useId, useState } from 'react';
import { useWords } from '../words/index.js';

interface NumberFieldProps {
  readonly label: string;
  readonly option: {
    readonly kind: string;
    readonly min: number;
    readonly max: number;
    readonly unit?: string;
  };
  /** Undefined where nothing is set. */
  readonly value: number | undefined;
  readonly onValue: (value: number) => void;
  /** Takes the number over only when the field is left, or at Enter: each number on the way would be another one. */
  readonly late?: boolean;
  /** Is told that the field was emptied; where it is not given, a number is needed. */
  readonly onEmpty?: () => void;
}

/** A field for a number. What cannot be used is marked and not taken over. */
export function NumberField({ label, option, value, onValue, late = false, onEmpty }: NumberFieldProps) {
  const words = useWords();
  const id = useId();
  const [draft, setDraft] = useState<string>();
  const { min, max, unit, kind } = option;
  const isGood = (text: string): boolean => {
    if (text.trim() === '') return onEmpty !== undefined;
    const number = Number(text);
    return number >= min && number <= max && (kind !== 'integer' || Number.isInteger(number));
  };
  const take = (text: string): void => {
    if (!isGood(text)) return;
    if (text.trim() === '') onEmpty?.();
    else onValue(Number(text));
  };
  const wrong = draft !== undefined && !isGood(draft);

  return (
    <div className="min-w-0 text-sm">
      <label htmlFor={id} className="block truncate font-medium">
        {label}
        {unit && <span className="ml-1 font-normal text-muted">{unit}</span>}
      </label>
      <input
        id={id}
        type="text"
        inputMode="decimal"
        value={draft ?? (value === undefined ? '' : String(Number(value.toPrecision(6))))}
        placeholder={onEmpty && '–'}
        aria-invalid={wrong}
        title={words.options.range(min, max)}
        onChange={({ target }) => {
          setDraft(target.value);
          if (!late) take(target.value);
        }}
        onBlur={() => {
          if (late && draft !== undefined) take(draft);
          setDraft(undefined);
        }}
        onKeyDown={({ key }) => {
          if (key === 'Enter' && draft !== undefined) take(draft);
        }}
        className={`mt-1 min-h-9 w-full rounded-lg border bg-surface px-2 tabular-nums placeholder:text-muted ${wrong ? 'border-danger' : 'border-edge'}`}
      />
      {wrong && <p className="mt-1 text-danger">{words.options.wrong(min, max)}</p>}
    </div>
  );
}
