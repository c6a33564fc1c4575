import { Collapsible } from 'radix-ui';
import { dreamOptions, type OptionGroup } from '../../../../src/index.js';
import { type OptionName, withPreset } from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { get, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';
import { Icon } from './icon.js';
import { OptionRow } from './option-row.js';

/** What needs guides, and is shown when there are some. */
const guided: readonly OptionName[] = ['guideWeights', 'unlike'];

const all = Object.keys(dreamOptions) as OptionName[];
const groups = [...new Set(all.map((name): OptionGroup => dreamOptions[name].group))];

/** Every option there is, folded away until it is wanted. */
export function OptionPanel() {
  const words = useWords();
  const changed = useStudio(({ settings }) => settings.changed);
  const hasGuides = useStudio(({ guides }) => guides.length > 0);
  const names = all.filter((name) => hasGuides || !guided.includes(name));
  const count = (group: OptionGroup) =>
    names.filter((name) => dreamOptions[name].group === group && changed[name] !== undefined).length;
  return (
    <section aria-labelledby="options">
      <div className="mb-2 flex items-center justify-between gap-2">
        <h2 id="options" className="text-base font-semibold">
          {words.options.heading}
        </h2>
        {Object.keys(changed).some((name) => name !== 'size') && (
          <Button
            look="quiet"
            icon="reset"
            className="-mr-3 text-sm"
            onClick={() => changeSettings(withPreset(get().settings, get().settings.preset))}
          >
            {words.options.resetAll}
          </Button>
        )}
      </div>
      <div className="divide-y divide-line rounded-xl border border-line bg-surface">
        {groups.map((group) => (
          <Collapsible.Root key={group}>
            <Collapsible.Trigger className="group flex min-h-11 w-full items-center gap-2 rounded-xl px-4 text-left font-medium hover:bg-tint">
              {words.groups[group]}
              <span className="ml-auto text-sm font-normal text-muted">
                {count(group) > 0 && words.options.changed(count(group))}
              </span>
              <Icon name="chevron" className="size-4 transition-transform group-data-[state=open]:rotate-180" />
            </Collapsible.Trigger>
            <Collapsible.Content className="space-y-5 px-4 pt-2 pb-5">
              {names
                .filter((name) => dreamOptions[name].group === group)
                .map((name) => (
                  <OptionRow key={name} name={name} />
                ))}
            </Collapsible.Content>
          </Collapsible.Root>
        ))}
      </div>
    </section>
  );
}
