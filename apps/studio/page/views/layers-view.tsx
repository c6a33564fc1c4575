import { EngineLine } from '../parts/engine-line.js';
import { ChannelPage } from '../parts/layers/channel-page.js';
import { LayerPage } from '../parts/layers/layer-page.js';
import { useChain, useLayers, useSteps } from '../parts/layers/network.js';
import { NetworkMap } from '../parts/layers/network-map.js';
import { Overview } from '../parts/layers/overview.js';
import { layerAddress } from '../route.js';
import { useWords } from '../words/index.js';

/** The network, layer by layer and channel by channel. */
export default function LayersView({ layer, channel }: { readonly layer?: string; readonly channel?: number }) {
  const words = useWords();
  const rows = useLayers();
  const chain = useChain();
  const steps = useSteps();
  const row = rows.find(({ name }) => name === layer);
  return (
    <main className="min-h-0 flex-1 overflow-y-auto">
      <div className="mx-auto max-w-7xl px-4 py-6 sm:px-8">
        <div className="flex flex-wrap items-end justify-between gap-x-6 gap-y-3">
          <div className="max-w-3xl">
            <h1 className="text-3xl font-semibold tracking-tight">{words.inspect.heading}</h1>
            <p className={`mt-2 text-pretty text-muted ${layer === undefined ? '' : 'max-sm:hidden'}`}>
              {words.inspect.intro}
            </p>
          </div>
          {rows.length > 0 && <EveryLayer current={row?.name} />}
        </div>
        <div className="mt-5">
          {chain.length > 0 ? (
            <>
              <NetworkMap label={words.inspect.map} steps={steps} current={row?.name} faces={chain} />
              <p className={`mt-2 text-sm text-muted ${layer === undefined ? '' : 'max-sm:hidden'}`}>
                {words.inspect.mapHint}
              </p>
            </>
          ) : (
            <>
              <p className="text-muted">{words.inspect.waiting}</p>
              <EngineLine className="mt-2" />
            </>
          )}
        </div>
        {rows.length > 0 && layer !== undefined && !row && (
          <p className="mt-6 text-danger">{words.inspect.unknown(layer)}</p>
        )}
        {layer === undefined && <Overview rows={chain} />}
        {row && channel === undefined && <LayerPage row={row} />}
        {row && channel !== undefined && channel < row.channels && <ChannelPage row={row} channel={channel} />}
        {row && channel !== undefined && channel >= row.channels && (
          <p className="mt-6 text-danger">{words.inspect.unknownChannel(row.name, row.channels - 1)}</p>
        )}
      </div>
    </main>
  );
}

function EveryLayer({ current }: { readonly current: string | undefined }) {
  const words = useWords();
  const rows = useLayers();
  return (
    <label className="flex min-w-0 items-center gap-3 text-sm">
      <span className="shrink-0 text-muted">{words.inspect.every}</span>
      <select
        value={current ?? ''}
        className="min-h-9 min-w-0 rounded-lg border border-edge bg-surface px-2"
        onChange={({ target }) => {
          window.location.hash = layerAddress(target.value);
        }}
      >
        <option value="" disabled>
          {words.layers.pick}
        </option>
        {rows.map(({ name, channels }) => (
          <option key={name} value={name}>
            {name} · {channels}
          </option>
        ))}
      </select>
    </label>
  );
}
