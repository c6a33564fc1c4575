import { type Difference, differencesOf } from '../../state/recipe-differences.js';
import type { OptionValue } from '../../state/settings.js';
import type { MadePicture } from '../../state/store.js';
import { useWords } from '../../words/index.js';

/** In what the recipes of two pictures differ. */
export function DifferenceTable({ first, second }: { readonly first: MadePicture; readonly second: MadePicture }) {
  const words = useWords();
  const differences = differencesOf(first, second);
  const { facts } = words.compareView;
  const nameOf = (what: Difference['what']): string =>
    Object.hasOwn(facts, what)
      ? facts[what as keyof typeof facts]
      : words.optionWords[what as keyof typeof words.optionWords].name;
  const textOf = (value: OptionValue): string => {
    if (value === null || value === '') return words.compareView.none;
    if (typeof value === 'boolean') return value ? words.options.on : words.options.off;
    return words.choices[String(value)] ?? String(value);
  };
  return (
    <section aria-labelledby="differences" className="mt-8">
      <h2 id="differences" className="text-base font-semibold">
        {words.compareView.differences}
      </h2>
      {differences.length === 0 ? (
        <p className="mt-2 text-muted">{words.compareView.same}</p>
      ) : (
        <table className="mt-3 w-full max-w-3xl table-fixed border-collapse text-left text-sm">
          <thead>
            <tr className="border-b border-edge">
              <th scope="col" className="py-2 pr-3 font-medium text-muted">
                {words.compareView.setting}
              </th>
              <th scope="col" className="py-2 pr-3 font-medium text-muted">
                {words.compareView.first}
              </th>
              <th scope="col" className="py-2 font-medium text-muted">
                {words.compareView.second}
              </th>
            </tr>
          </thead>
          <tbody>
            {differences.map((each) => (
              <tr key={each.what} className="border-b border-line align-top">
                <th scope="row" className="py-2 pr-3 font-medium">
                  {nameOf(each.what)}
                </th>
                <td className="py-2 pr-3 break-words">{textOf(each.first)}</td>
                <td className="py-2 break-words">{textOf(each.second)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
