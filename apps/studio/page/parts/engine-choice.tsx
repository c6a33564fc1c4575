import { ToggleGroup } from 'radix-ui';
import { choosePlace } from '../state/engine-actions.js';
import { type Place, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';

/** Whether this browser makes the dreams, or the server that the page comes from. */
export function EngineChoice() {
  const words = useWords();
  const place = useStudio((state) => state.place);
  const isServed = useStudio(({ server }) => server !== undefined);
  const isBusy = useStudio(({ running }) => running !== undefined);
  if (!isServed) return null;
  return (
    <ToggleGroup.Root
      type="single"
      value={place}
      disabled={isBusy}
      aria-label={words.server.where}
      onValueChange={(value) => {
        if (value !== '') void choosePlace(value as Place);
      }}
      className="mb-2 grid max-w-sm auto-cols-fr grid-flow-col gap-1 rounded-xl bg-stage p-1"
    >
      <Choice value="browser">{words.server.here}</Choice>
      <Choice value="server">{words.server.there}</Choice>
    </ToggleGroup.Root>
  );
}

function Choice({ value, children }: { readonly value: Place; readonly children: string }) {
  return (
    <ToggleGroup.Item
      value={value}
      className="min-h-9 rounded-lg px-2 text-sm leading-tight font-medium text-muted hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-sm data-[state=on]:shadow-shade"
    >
      {children}
    </ToggleGroup.Item>
  );
}
