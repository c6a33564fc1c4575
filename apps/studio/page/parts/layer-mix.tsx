import type { NetworkLayer } from '../../engine/engine.js';
import { layerAddress } from '../route.js';
import { stopBackground } from '../state/background.js';
import { takeNetwork } from '../state/engine-actions.js';
import { type MixedLayer, reweighed, toggled } from '../state/layer-mix.js';
import { chooseMix, useMix } from '../state/mix-actions.js';
import { useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button, IconButton } from './button.js';
import { FileButton } from './file-button.js';
import { Icon } from './icon.js';
import { SectionHeading } from './section-heading.js';
import { Slider } from './slider.js';

/** More blocks than this have no room side by side. */
const mostBars = 14;

/** Which layers the network shall see more of: the network as a row of blocks, and the mix with its weights. */
export function LayerMix() {
  const words = useWords();
  const engine = useStudio((state) => state.engine);
  const rows = engine.status === 'ready' ? engine.network.layers : [];
  const mix = useMix();
  const blocks = rows.filter(({ kind }) => kind === 'block');
  return (
    <section aria-labelledby="layers">
      <SectionHeading id="layers" hint={words.layers.hint}>
        {words.layers.heading}
      </SectionHeading>
      {blocks.length > 0 && blocks.length <= mostBars && <Blocks blocks={blocks} mix={mix} />}
      <ul className="mt-3 space-y-1">
        {mix.map((mixed) => (
          <MixRow key={mixed.target} mixed={mixed} mix={mix} />
        ))}
      </ul>
      <AddLayer rows={rows} mix={mix} />
      <NetworkChoice />
    </section>
  );
}

/** The network from the photo to its last block: the finer a block looks, the taller it stands. */
function Blocks({ blocks, mix }: { readonly blocks: readonly NetworkLayer[]; readonly mix: readonly MixedLayer[] }) {
  const words = useWords();
  const finest = Math.min(...blocks.map(({ stride }) => stride));
  const most = Math.max(...blocks.map(({ channels }) => channels));
  return (
    <div className="flex items-end gap-1 rounded-xl bg-stage p-2.5">
      <span className="flex flex-col items-center gap-1 self-stretch text-muted">
        <span className="flex flex-1 items-center">
          <Icon name="picture" />
        </span>
        <span className="text-[0.6875rem]">{words.layers.input}</span>
      </span>
      {blocks.map((block) => {
        const mixed = mix.find(({ target }) => target === block.name);
        const [before, number] = splitName(block.name);
        return (
          <button
            key={block.name}
            type="button"
            aria-pressed={mixed !== undefined}
            title={`${words.layers.add(block.name, mixed !== undefined)} · ${words.layers.facts(block.channels, block.stride)}`}
            onClick={() => chooseMix(toggled(mix, block.name))}
            className="group flex min-w-6 flex-1 flex-col items-center justify-end gap-1 rounded-md pt-1"
          >
            <Bar tall={finest / block.stride} wide={block.channels / most} weight={mixed?.weight} />
            <span className={`text-[0.6875rem] ${mixed ? 'font-semibold' : 'text-muted'}`}>
              <span className="sr-only">{before}</span>
              {number}
            </span>
          </button>
        );
      })}
    </div>
  );
}

function Bar({ tall, wide, weight }: { tall: number; wide: number; weight: number | undefined }) {
  const inMix = weight !== undefined;
  const strength = inMix ? Math.min(1, 0.35 + 0.65 * Math.abs(weight)) : 1;
  return (
    <span
      className={`block rounded-sm border transition-colors ${inMix ? 'border-accent bg-accent' : 'border-edge bg-surface group-hover:bg-tint'}`}
      style={{
        height: `${Math.round(20 + 36 * Math.sqrt(tall))}px`,
        width: `${Math.round(40 + 60 * wide)}%`,
        opacity: strength,
      }}
    />
  );
}

/** The number at the end tells the blocks of a network apart; what stands before it is read out only. */
function splitName(name: string): readonly [before: string, number: string] {
  const number = /\d+$/.exec(name)?.[0];
  return number === undefined ? ['', name] : [name.slice(0, -number.length), number];
}

function MixRow({ mixed, mix }: { readonly mixed: MixedLayer; readonly mix: readonly MixedLayer[] }) {
  const words = useWords();
  const { target, weight } = mixed;
  const [, layer = target, channel] = /^([^[@]*)(?:\[(\d+)\])?/.exec(target) ?? [];
  return (
    <li className="grid grid-cols-[minmax(0,6.5rem)_1fr_2.75rem_auto] items-center gap-2">
      <a
        href={layerAddress(layer, channel === undefined ? undefined : Number(channel))}
        className="truncate font-medium underline-offset-4 hover:underline"
      >
        {target}
      </a>
      <Slider
        value={weight}
        min={-1}
        max={3}
        step={0.05}
        aria-label={words.layers.weight(target)}
        onValue={(value) => chooseMix(reweighed(mix, target, value))}
      />
      <span className="text-right text-sm tabular-nums">{Number(weight.toFixed(2))}</span>
      <IconButton
        icon="close"
        label={words.layers.remove(target)}
        disabled={mix.length === 1}
        onClick={() => chooseMix(toggled(mix, target))}
      />
    </li>
  );
}

function AddLayer({ rows, mix }: { readonly rows: readonly NetworkLayer[]; readonly mix: readonly MixedLayer[] }) {
  const words = useWords();
  const others = rows.filter(({ name }) => mix.every(({ target }) => target !== name));
  return (
    <label className="mt-2 flex items-center gap-3 text-sm">
      <span className="shrink-0 text-muted">{words.layers.other}</span>
      <select
        value=""
        className="min-h-9 min-w-0 flex-1 rounded-lg border border-edge bg-surface px-2"
        onChange={({ target }) => chooseMix([...mix, { target: target.value, weight: 1 }])}
      >
        <option value="">{words.layers.pick}</option>
        {others.map(({ name, channels }) => (
          <option key={name} value={name}>
            {name} · {channels}
          </option>
        ))}
      </select>
    </label>
  );
}

function NetworkChoice() {
  const words = useWords();
  const engine = useStudio((state) => state.engine);
  if (engine.status !== 'ready') return null;
  if (engine.facts.device === 'server') return <ServerNetworks names={engine.facts.networks} />;
  const isBuiltIn = engine.network.name === 'built-in';
  const take = (file: File | undefined): void => {
    stopBackground();
    void takeNetwork(file);
  };
  return (
    <div className="mt-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <span className="text-muted">{words.layers.network}</span>
      <span className="min-w-0 truncate">{isBuiltIn ? words.layers.builtIn : engine.network.name}</span>
      <FileButton accept=".onnx" onFile={take} look="quiet" className="-mx-2">
        {words.layers.useOwn}
      </FileButton>
      {!isBuiltIn && (
        <Button look="quiet" onClick={() => take(undefined)}>
          {words.layers.useBuiltIn}
        </Button>
      )}
    </div>
  );
}

/** A server dreams with networks of its own. */
function ServerNetworks({ names }: { readonly names: readonly string[] }) {
  const words = useWords();
  const name = useStudio(({ engine }) => (engine.status === 'ready' ? engine.network.name : ''));
  return (
    <label className="mt-2 flex items-center gap-3 text-sm">
      <span className="shrink-0 text-muted">{words.layers.network}</span>
      <select
        value={name}
        className="min-h-9 min-w-0 flex-1 rounded-lg border border-edge bg-surface px-2"
        onChange={({ target }) => void takeNetwork(target.value)}
      >
        {names.map((each) => (
          <option key={each} value={each}>
            {each === 'built-in' ? words.layers.builtIn : each}
          </option>
        ))}
      </select>
    </label>
  );
}
