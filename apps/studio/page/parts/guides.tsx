import { addGuides, removeGuide } from '../state/guide-actions.js';
import { guidedObjectives, optionsOf, withOption } from '../state/settings.js';
import { changeSettings } from '../state/settings-actions.js';
import { get, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { IconButton } from './button.js';
import { FileButton } from './file-button.js';
import { SectionHeading } from './section-heading.js';

/** Photos that the dream goes by, and how. */
export function Guides() {
  const words = useWords();
  const guides = useStudio((state) => state.guides);
  return (
    <section aria-labelledby="guides">
      <SectionHeading id="guides" hint={words.guides.hint}>
        {words.guides.heading}
      </SectionHeading>
      {guides.length > 0 && (
        <>
          <ul className="mb-3 grid grid-cols-3 gap-2.5">
            {guides.map(({ url, name }, i) => (
              <li key={url} className="relative">
                <img src={url} alt={words.guides.alt(name)} className="aspect-4/3 w-full rounded-lg object-cover" />
                <IconButton
                  icon="close"
                  label={words.guides.remove(name)}
                  onClick={() => removeGuide(i)}
                  className="absolute top-1 right-1 size-8 bg-surface"
                />
              </li>
            ))}
          </ul>
          <Objective />
        </>
      )}
      <FileButton accept="image/*" multiple icon="add" onFile={(file, ...others) => void addGuides([file, ...others])}>
        {guides.length === 0 ? words.guides.add : words.guides.addMore}
      </FileButton>
    </section>
  );
}

function Objective() {
  const words = useWords();
  const objective = useStudio(({ settings }) => optionsOf(settings).objective);
  return (
    <label className="mb-3 block text-sm">
      <span className="font-medium">{words.guides.how}</span>
      <select
        value={objective}
        onChange={({ target }) => changeSettings(withOption(get().settings, 'objective', target.value))}
        className="mt-1 min-h-9 w-full rounded-lg border border-edge bg-surface px-2"
      >
        {guidedObjectives.map((name) => (
          <option key={String(name)} value={String(name)}>
            {words.choices[String(name)] ?? name}
          </option>
        ))}
        {!guidedObjectives.includes(objective) && <option value={objective}>{words.guides.notAtAll}</option>}
      </select>
    </label>
  );
}
