import { Popover, Switch } from 'radix-ui';
import { useState } from 'react';
import { dreamOptions, flagOf, type Option, parseOption } from '../../../../src/index.js';
import {
  guidedObjectives,
  type OptionName,
  type OptionValue,
  optionsOf,
  withOption,
  withoutOption,
} from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { get, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { IconButton } from './button.js';
import { Slider } from './slider.js';

/** Where a slider ends, for numbers whose limits lie far beyond what one tries; the field beside it takes them all. */
const sliderEnds: Partial<Readonly<Record<OptionName, readonly [number, number]>>> = {
  border: [0, 8],
  steps: [1, 100],
  stepSize: [0, 0.1],
  smooth: [0, 8],
  tv: [0, 2],
  pull: [0, 10],
  jitter: [0, 128],
  pad: [0, 64],
  randomScale: [0, 0.5],
  randomRotate: [0, 45],
  octaves: [1, 10],
  octaveScale: [1.1, 2.5],
  octavesAbove: [0, 3],
};

/** An objective that goes along a vector from a file, and a precision that has to be measured first. */
const notHere = ['direction', 'auto'];

/** One option: its name, what it does, its control, a way back, and why one would change it. */
export function OptionRow({ name }: { readonly name: OptionName }) {
  const words = useWords();
  const { name: title, help } = words.optionWords[name];
  const changed = useStudio(({ settings }) => settings.changed[name] !== undefined);
  const id = `option-${name}`;
  return (
    <div>
      <div className="flex min-h-9 items-center gap-1">
        <label htmlFor={id} className={changed ? 'font-semibold' : 'font-medium'}>
          {title}
        </label>
        <Why name={name} />
        {changed && (
          <IconButton
            icon="reset"
            label={words.options.reset(title)}
            className="ml-auto"
            onClick={() => changeSettings(withoutOption(get().settings, name))}
          />
        )}
      </div>
      <p id={`${id}-help`} className="mb-1.5 text-sm text-muted first-letter:uppercase">
        {help}
      </p>
      <Control id={id} name={name} />
    </div>
  );
}

function Why({ name }: { readonly name: OptionName }) {
  const words = useWords();
  const { name: title, why } = words.optionWords[name];
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <IconButton icon="help" label={words.options.why(title)} className="size-8 text-muted" />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={title}
          collisionPadding={12}
          sideOffset={4}
          className="z-50 max-w-72 rounded-xl border border-edge bg-surface p-4 text-sm shadow-lg shadow-shade"
        >
          <p>{why}</p>
          <p className="mt-2 text-muted">
            <code>{flagOf(name)}</code>
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

interface ControlProps {
  readonly id: string;
  readonly name: OptionName;
}

function Control({ id, name }: ControlProps) {
  const words = useWords();
  const hasGuides = useStudio(({ guides }) => guides.length > 0);
  const isOffered = (choice: string) => !notHere.includes(choice) && (hasGuides || !guidedObjectives.includes(choice));
  const value: OptionValue = useStudio(({ settings }) => optionsOf(settings)[name]);
  const option: Option = dreamOptions[name];
  const put = (next: OptionValue): void => changeSettings(withOption(get().settings, name, next));
  const describedBy = { id, 'aria-describedby': `${id}-help` };
  switch (option.kind) {
    case 'flag':
      return (
        <Switch.Root
          {...describedBy}
          checked={value === true}
          onCheckedChange={put}
          className="h-7 w-12 rounded-full border border-edge bg-stage p-0.5 transition-colors data-[state=checked]:border-accent data-[state=checked]:bg-accent"
        >
          <Switch.Thumb className="block size-5.5 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-5 data-[state=checked]:bg-on-accent" />
        </Switch.Root>
      );
    case 'choice':
      return (
        <select
          {...describedBy}
          value={String(value)}
          onChange={({ target }) => put(target.value)}
          className="min-h-9 w-full rounded-lg border border-edge bg-surface px-2"
        >
          {option.choices
            .filter((choice) => isOffered(choice) || choice === value)
            .map((choice) => (
              <option key={choice} value={choice}>
                {words.choices[choice] ?? choice}
              </option>
            ))}
        </select>
      );
    case 'text':
      return <Field {...describedBy} name={name} option={option} value={value} put={put} className="w-full" />;
    default: {
      const ends = sliderEnds[name] ?? (option.max <= 8 ? ([option.min, option.max] as const) : undefined);
      const unit = option.unit ?? '';
      return (
        <div className="flex items-center gap-3">
          {ends && option.kind !== 'optional' && (
            <Slider
              tabIndex={-1}
              aria-hidden="true"
              value={Number(value)}
              min={ends[0]}
              max={ends[1]}
              step={option.kind === 'integer' ? 1 : (ends[1] - ends[0]) / 100}
              onValue={(next) => put(Number(next.toPrecision(4)))}
            />
          )}
          <Field {...describedBy} name={name} option={option} value={value} put={put} className="w-24 shrink-0" />
          {unit && <span className="shrink-0 text-sm text-muted">{unit}</span>}
        </div>
      );
    }
  }
}

interface FieldProps extends ControlProps {
  readonly option: Option;
  readonly value: OptionValue;
  readonly put: (value: OptionValue) => void;
  readonly className: string;
  readonly 'aria-describedby': string;
}

/** A field for a number or a text. What cannot be used is marked and not taken over. */
function Field({ option, name, value, put, className, ...rest }: FieldProps) {
  const words = useWords();
  const [draft, setDraft] = useState<string>();
  const shown = draft ?? textOf(option, value);
  const wrong = draft !== undefined && !isGood(name, option, draft);
  const isText = option.kind === 'text';
  return (
    <span className={`block ${className}`}>
      <input
        {...rest}
        type="text"
        inputMode={isText ? 'text' : 'decimal'}
        value={shown}
        placeholder={option.kind === 'optional' ? words.options.open : undefined}
        aria-invalid={wrong}
        title={'min' in option ? words.options.range(option.min, option.max) : undefined}
        onChange={({ target }) => {
          setDraft(target.value);
          if (isGood(name, option, target.value)) put(valueIn(option, target.value));
        }}
        onBlur={() => setDraft(undefined)}
        className={`min-h-9 w-full rounded-lg border bg-surface px-2 tabular-nums placeholder:text-muted ${wrong ? 'border-danger' : 'border-edge'}`}
      />
      {wrong && 'min' in option && (
        <span className="mt-1 block text-sm text-danger">{words.options.wrong(option.min, option.max)}</span>
      )}
    </span>
  );
}

/** Published numbers have many digits, such as 1.5 / 127.5; four of them tell values apart. */
function textOf(option: Option, value: OptionValue): string {
  if (value === null) return '';
  return String(option.kind === 'number' ? Number(Number(value).toPrecision(4)) : value);
}

function valueIn(option: Option, text: string): OptionValue {
  if (option.kind === 'optional' && text.trim() === '') return null;
  return option.kind === 'text' ? text : Number(text);
}

function isGood(name: OptionName, option: Option, text: string): boolean {
  try {
    if (option.kind !== 'optional' && text.trim() === '') return false;
    parseOption(name, option, valueIn(option, text));
    return true;
  } catch {
    return false;
  }
}
