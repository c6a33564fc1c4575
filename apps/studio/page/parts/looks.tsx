import { offeredLooks } from '../state/look-actions.js';
import { type PresetName, presetNames, withPreset } from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { get, set, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';
import { SectionHeading } from './section-heading.js';

/** Presets, as small dreams of this photo. */
export function Looks() {
  const words = useWords();
  const all = useStudio(({ allLooks }) => allLooks);
  const preset = useStudio(({ settings }) => settings.preset);
  const place = useStudio((state) => state.place);
  const offered = offeredLooks(all);
  const shown = offered.includes(preset) ? offered : [...offered.slice(0, -1), preset];
  return (
    <section aria-labelledby="looks">
      <SectionHeading id="looks" hint={place === 'server' ? words.looks.hintOnServer : words.looks.hint}>
        {words.looks.heading}
      </SectionHeading>
      <div role="radiogroup" aria-labelledby="looks" className="grid grid-cols-3 gap-2.5">
        {shown.map((name) => (
          <Look key={name} name={name} chosen={name === preset} />
        ))}
      </div>
      <p className="mt-3 text-sm text-muted">{words.presetTitles[preset]}</p>
      <div className="mt-1 -ml-3 flex flex-wrap items-center gap-x-2 text-sm">
        <Button look="quiet" aria-expanded={all} onClick={() => set({ allLooks: !all })}>
          {all ? words.looks.showFewer : words.looks.showAll(presetNames.length)}
        </Button>
        <a href="#/variations" className="inline-flex min-h-9 items-center rounded-lg px-3 font-medium hover:bg-tint">
          {words.variations.open}
        </a>
      </div>
    </section>
  );
}

function Look({ name, chosen }: { readonly name: PresetName; readonly chosen: boolean }) {
  const words = useWords();
  const look = useStudio(({ looks }) => looks[name]);
  return (
    <label className="group cursor-pointer">
      <input
        type="radio"
        name="look"
        className="peer sr-only"
        checked={chosen}
        data-look={name}
        onChange={() => changeSettings(withPreset(get().settings, name))}
      />
      <span className="block aspect-4/3 overflow-hidden rounded-lg bg-stage ring-line ring-offset-2 ring-offset-paper peer-checked:ring-2 peer-checked:ring-accent peer-focus-visible:outline-2 peer-focus-visible:outline-offset-4 peer-focus-visible:outline-accent">
        {look?.status === 'made' ? (
          <img src={look.url} alt="" className="size-full object-cover" />
        ) : look?.status === 'failed' ? (
          <span className="grid size-full place-items-center text-xs text-muted">{words.looks.failed}</span>
        ) : (
          <LookInTheMaking working={look?.status === 'making'} />
        )}
      </span>
      <span className={`mt-1.5 block truncate text-xs ${chosen ? 'font-semibold' : 'text-muted'}`}>
        {words.presets[name]}
      </span>
    </label>
  );
}

/** The photo, faint, where its dream is going to be. */
function LookInTheMaking({ working }: { readonly working: boolean }) {
  const url = useStudio(({ photo }) => photo?.url);
  return <img src={url} alt="" className={`size-full object-cover opacity-40 grayscale ${working ? 'waiting' : ''}`} />;
}
