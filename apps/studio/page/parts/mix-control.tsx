import { reweighed, toggled } from '../state/layer-mix.js';
import { chooseMix, useMix } from '../state/mix-actions.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';
import { Slider } from './slider.js';

/** Whether a layer or a channel is in the mix, and how much it counts there. */
export function MixControl({ target }: { readonly target: string }) {
  const words = useWords();
  const mix = useMix();
  const mixed = mix.find((each) => each.target === target);
  const isLast = mixed !== undefined && mix.length === 1;
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <Button
        look={mixed ? 'plain' : 'main'}
        icon={mixed ? 'close' : 'add'}
        disabled={isLast}
        title={isLast ? words.inspect.only : undefined}
        onClick={() => chooseMix(toggled(mix, target))}
      >
        {mixed ? words.inspect.remove(target) : words.inspect.add(target)}
      </Button>
      {mixed && (
        <span className="flex w-56 items-center gap-3">
          <Slider
            value={mixed.weight}
            min={-1}
            max={3}
            step={0.05}
            aria-label={words.layers.weight(target)}
            onValue={(weight) => chooseMix(reweighed(mix, target, weight))}
          />
          <span className="w-10 text-right text-sm tabular-nums">{Number(mixed.weight.toFixed(2))}</span>
        </span>
      )}
      <a href="#/" className="min-h-9 content-center text-sm font-medium underline underline-offset-4">
        {words.inspect.dream}
      </a>
    </div>
  );
}
