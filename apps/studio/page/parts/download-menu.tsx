import { Popover, Switch } from 'radix-ui';
import { useState } from 'react';
import { canonicalJson } from '../../../../src/index.js';
import { report } from '../state/engine-actions.js';
import { exported } from '../state/picture-files.js';
import { saveFile } from '../state/save-file.js';
import { type MadePicture, useStudio } from '../state/store.js';
import { useWords } from '../words/index.js';
import { Button } from './button.js';

const extensions = { png: 'png', jpeg: 'jpg', webp: 'webp' } as const;

/** Saves the dream on show, with its recipe inside or without. */
export function DownloadMenu() {
  const words = useWords();
  const shown = useStudio((state) => state.shown);
  const [withRecipe, setWithRecipe] = useState(true);
  return (
    <Popover.Root>
      <Popover.Trigger asChild>
        <Button look={shown ? 'main' : 'quiet'} icon="download" className="shrink-0 max-sm:px-2" disabled={!shown}>
          <span className="max-sm:sr-only">{words.picture.download}</span>
        </Button>
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          aria-label={words.picture.download}
          collisionPadding={12}
          sideOffset={6}
          className="z-50 w-72 max-w-[calc(100vw-24px)] rounded-xl border border-edge bg-surface p-4 shadow-lg shadow-shade"
        >
          <div className="flex flex-col gap-2">
            {(Object.keys(extensions) as (keyof typeof extensions)[]).map((format) => (
              <Button key={format} onClick={() => shown && void download(shown, format, withRecipe).catch(report)}>
                {words.download[format]}
              </Button>
            ))}
          </div>
          <div className="mt-4 flex items-center justify-between gap-3">
            <label htmlFor="with-recipe" className="font-medium">
              {words.download.recipe}
            </label>
            <Switch.Root
              id="with-recipe"
              aria-describedby="with-recipe-why"
              checked={withRecipe}
              onCheckedChange={setWithRecipe}
              className="h-7 w-12 shrink-0 rounded-full border border-edge bg-stage p-0.5 data-[state=checked]:border-accent data-[state=checked]:bg-accent"
            >
              <Switch.Thumb className="block size-5.5 rounded-full bg-edge transition-transform data-[state=checked]:translate-x-5 data-[state=checked]:bg-on-accent" />
            </Switch.Root>
          </div>
          <p id="with-recipe-why" className="mt-1 text-sm text-muted">
            {words.download.recipeWhy}
          </p>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

async function download(made: MadePicture, format: keyof typeof extensions, withRecipe: boolean): Promise<void> {
  const recipe = { ...made.recipe, output: { ...made.recipe.output, format } };
  const file = await exported(made.file, format, withRecipe ? canonicalJson(recipe) : undefined);
  saveFile(file, `${made.photo.name.replace(/\.[^.]*$/, '')}-dream.${extensions[format]}`);
}
