import { ToggleGroup } from 'radix-ui';
import { optionsOf, withOption } from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { get, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { SectionHeading } from './section-heading.js';

const sides = { small: 512, medium: 800, large: 1280 } as const;

/** How large the dream becomes. */
export function SizeChoice() {
  const words = useWords();
  const size = useStudio(({ settings }) => optionsOf(settings).size);
  const photo = useStudio((state) => state.photo);
  const longest = photo ? Math.max(photo.width, photo.height) : Number.POSITIVE_INFINITY;
  const offered = (Object.keys(sides) as (keyof typeof sides)[]).filter((name) => sides[name] < longest);
  // What is not offered is the full size, or one that was typed in among the options.
  const chosen = size === 0 || size >= longest ? '0' : String(size);
  if (offered.length === 0) return null;
  return (
    <section aria-labelledby="size">
      <SectionHeading id="size">{words.size.heading}</SectionHeading>
      <ToggleGroup.Root
        type="single"
        value={chosen}
        aria-labelledby="size"
        onValueChange={(value) => {
          if (value !== '') changeSettings(withOption(get().settings, 'size', Number(value)));
        }}
        className="grid auto-cols-fr grid-flow-col gap-1 rounded-xl bg-stage p-1"
      >
        {offered.map((name) => (
          <Choice key={name} value={sides[name]} title={words.size.title(sides[name])}>
            {words.size[name]}
          </Choice>
        ))}
        <Choice value={0} title={words.size.fullTitle(longest)}>
          {words.size.full}
        </Choice>
      </ToggleGroup.Root>
    </section>
  );
}

function Choice({ value, title, children }: { value: number; title: string; children: string }) {
  return (
    <ToggleGroup.Item
      value={String(value)}
      title={title}
      className="min-h-11 rounded-lg px-1 text-sm leading-tight font-medium text-muted hover:text-ink data-[state=on]:bg-surface data-[state=on]:text-ink data-[state=on]:shadow-sm data-[state=on]:shadow-shade"
    >
      {children}
      {value > 0 && <span className="block text-xs font-normal tabular-nums">{value}</span>}
    </ToggleGroup.Item>
  );
}
