import type { CSSProperties } from 'react';
import { dreamOptions } from '../../../../src/index.js';
import { Button } from '../parts/button.js';
import { stopBackground } from '../state/background.js';
import { refusalOf } from '../state/engine-actions.js';
import type { OptionName } from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { useStudio } from '../state/store.js';
import {
  type Axis,
  type Cell,
  combinations,
  makeVariations,
  suggestedValues,
  useVariations,
} from '../state/variations.js';
import { useWords } from '../words/index.js';

/** What makes no sense to vary here: small dreams have their own size, and guides are not asked for. */
const notVaried: readonly OptionName[] = ['size', 'tile', 'precision', 'guideWeights', 'unlike', 'maskFeather'];
const names = (Object.keys(dreamOptions) as OptionName[]).filter((name) => !notVaried.includes(name));

/** More of them side by side would be too small to tell apart. */
const mostColumns = 8;

/** Small dreams side by side, each with other settings. */
export default function VariationsView() {
  const words = useWords();
  const hasPhoto = useStudio(({ photo }) => photo !== undefined);
  const { cells, columns } = useVariations();
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-7xl px-4 py-6 sm:px-8">
        <a href="#/" className="inline-block min-h-9 content-center text-sm font-medium underline underline-offset-4">
          {words.variations.back}
        </a>
        <h1 className="text-3xl font-semibold tracking-tight">{words.variations.heading}</h1>
        <p className="mt-2 max-w-3xl text-pretty text-muted">{words.variations.intro}</p>
        {hasPhoto ? <Choices /> : <p className="mt-6 text-danger">{words.variations.notStarted}</p>}
        <ul
          className="mt-8 grid grid-cols-2 gap-4 sm:grid-cols-[repeat(var(--columns),minmax(0,18rem))]"
          style={{ '--columns': Math.min(columns, mostColumns) } as CSSProperties}
        >
          {cells.map((cell) => (
            <Item key={cell.told} cell={cell} />
          ))}
        </ul>
      </div>
    </main>
  );
}

function Choices() {
  const words = useWords();
  const { axes, cells, working, refusal } = useVariations();
  const settings = useStudio((state) => state.settings);
  const ready = useStudio(({ engine }) => engine.status === 'ready');
  const isBusy = useStudio(({ running }) => running !== undefined);
  const [first, second] = axes;
  const setFirst = (axis: Axis | undefined): void => {
    if (axis) useVariations.setState({ axes: [axis, second] });
  };
  const { count, problem } = counted();
  const done = cells.filter(({ url, failed }) => url !== undefined || failed).length;
  return (
    <div className="mt-5 max-w-3xl space-y-3">
      <AxisRow label={words.variations.first} axis={first} other={second?.name} put={setFirst} />
      <AxisRow
        label={words.variations.second}
        axis={second}
        other={first.name}
        optional
        put={(axis) => useVariations.setState({ axes: [first, axis] })}
      />
      <p className="text-sm text-muted">{words.variations.valuesHint}</p>
      {(problem ?? refusal) && (
        <p role="alert" className="text-sm text-danger">
          {words.refusals[(problem ?? refusal)!.code] ?? (problem ?? refusal)!.message}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-4">
        {working ? (
          <Button icon="close" onClick={stopBackground}>
            {words.variations.stop}
          </Button>
        ) : (
          <Button
            look="main"
            disabled={!ready || isBusy || problem !== undefined}
            onClick={() => void makeVariations()}
          >
            {words.variations.make(count)}
          </Button>
        )}
        <p role="status" className="text-sm text-muted tabular-nums">
          {cells.length > 0 && words.variations.progress(done, cells.length)}
        </p>
      </div>
    </div>
  );

  function counted() {
    try {
      return { count: combinations(settings, axes).length, problem: undefined };
    } catch (error) {
      return { count: 0, problem: refusalOf(error) };
    }
  }
}

interface AxisRowProps {
  readonly label: string;
  readonly axis: Axis | undefined;
  /** What the other axis varies. */
  readonly other: Axis['name'] | undefined;
  readonly optional?: boolean;
  readonly put: (axis: Axis | undefined) => void;
}

function AxisRow({ label, axis, other, optional = false, put }: AxisRowProps) {
  const words = useWords();
  const settings = useStudio((state) => state.settings);
  const working = useVariations((state) => state.working);
  const nameOf = (name: Axis['name']) => (name === 'preset' ? words.variations.preset : words.optionWords[name].name);
  const choose = (name: string): void => {
    if (name === '') put(undefined);
    else put({ name: name as Axis['name'], values: suggestedValues(name as Axis['name'], settings) });
  };
  return (
    <div className="grid items-center gap-2 sm:grid-cols-[4rem_minmax(0,14rem)_1fr]">
      <span id={`axis-${optional}`} className="font-medium">
        {label}
      </span>
      <select
        aria-labelledby={`axis-${optional}`}
        value={axis?.name ?? ''}
        disabled={working}
        onChange={({ target }) => choose(target.value)}
        className="min-h-9 min-w-0 rounded-lg border border-edge bg-surface px-2"
      >
        {optional && <option value="">{words.variations.nothing}</option>}
        {(['preset', ...names] as const)
          .filter((name) => name !== other)
          .map((name) => (
            <option key={name} value={name}>
              {nameOf(name)}
            </option>
          ))}
      </select>
      {axis && (
        <input
          type="text"
          aria-label={words.variations.values(nameOf(axis.name))}
          value={axis.values}
          disabled={working}
          spellCheck={false}
          onChange={({ target }) => put({ ...axis, values: target.value })}
          className="min-h-9 w-full min-w-0 rounded-lg border border-edge bg-surface px-2.5 font-mono text-sm"
        />
      )}
    </div>
  );
}

function Item({ cell }: { readonly cell: Cell }) {
  const words = useWords();
  const { told, url, failed, settings } = cell;
  const take = (): void => {
    changeSettings(settings);
    window.location.hash = '#/';
  };
  return (
    <li>
      {url === undefined ? (
        <div className="hatched grid aspect-4/3 place-items-center rounded-xl bg-stage text-sm text-muted">
          {failed && words.variations.failed}
        </div>
      ) : (
        <button
          type="button"
          aria-label={words.variations.take(told)}
          onClick={take}
          className="block w-full overflow-hidden rounded-xl bg-stage hover:ring-2 hover:ring-accent"
        >
          <img src={url} alt="" className="block h-auto w-full" />
        </button>
      )}
      <p className="mt-1 text-sm break-words text-muted">{told}</p>
    </li>
  );
}
