/** Every view of the studio, one after the other, each reached from the one before as a visitor would. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import sharp from 'sharp';

/** What a tour goes on: an English page, the studio's address, and pictures to open. */
export interface Tour {
  readonly page: Page;
  readonly url: string;
  readonly photo: string;
  readonly guide: string;
  /** A file that is no picture. */
  readonly broken: string;
}

/** A view and the way there. */
export interface View {
  readonly name: string;
  go(tour: Tour): Promise<void>;
}

/** Makes the pictures of a tour in a folder. The photo has a long name. */
export async function tourFiles(folder: string, width: number): Promise<Pick<Tour, 'photo' | 'guide' | 'broken'>> {
  const files = {
    photo: join(folder, 'A castle above the river, seen from the old bridge one morning in late September.png'),
    guide: join(folder, 'guide.png'),
    broken: join(folder, 'broken.png'),
  };
  const castle = sharp(await readFile('examples/castle.jpg')).resize(width);
  await castle.clone().png().toFile(files.photo);
  await castle.clone().negate().png().toFile(files.guide);
  await writeFile(files.broken, 'no picture');
  return files;
}

const button = (page: Page, name: string | RegExp): Locator =>
  page.getByRole('button', { name, exact: typeof name === 'string' });

async function pick(page: Page, name: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button(page, name).click();
  await (await chooser).setFiles(file);
}

const ready = (page: Page): Promise<void> => page.locator('[data-engine=ready]').waitFor();

/** Fills a field of the options, whose group is unfolded. */
const fill = (page: Page, name: string, value: string): Promise<void> =>
  page.getByRole('textbox', { name, exact: true }).fill(value);

/** Dreams a few steps, or goes on until somebody ends it. */
async function dream(page: Page, steps: string): Promise<void> {
  await fill(page, 'Steps on each octave', steps);
  await button(page, /^Dream( again)?$/).click();
}

/** The views in the order of the tour. */
export const views: readonly View[] = [
  {
    name: 'welcome',
    async go({ page, url }) {
      await page.goto(url);
      await ready(page);
    },
  },
  {
    name: 'empty gallery',
    async go({ page }) {
      await page.getByRole('link', { name: 'Gallery' }).click();
      await page.getByText('Nothing here yet').waitFor();
    },
  },
  {
    name: 'layers',
    async go({ page }) {
      await page.getByRole('link', { name: 'Layers' }).click();
      await page.getByRole('navigation', { name: /^The network/ }).waitFor();
    },
  },
  {
    name: 'layer without a photo',
    async go({ page }) {
      await page.getByRole('link', { name: /^mixed3: / }).click();
      await page.getByRole('heading', { name: 'mixed3', exact: true }).waitFor();
    },
  },
  {
    name: 'no such layer',
    async go({ page, url }) {
      await page.goto(`${url}#/layers/mixed99`);
      await page.getByText('This network has no layer mixed99.').waitFor();
    },
  },
  {
    name: 'variations without a photo',
    async go({ page, url }) {
      await page.goto(`${url}#/variations`);
      await page.getByRole('heading', { level: 1 }).waitFor();
    },
  },
  {
    name: 'photo',
    async go({ page, url, photo }) {
      await page.goto(`${url}#/`);
      await pick(page, 'Choose a photo', photo);
      await page.locator('[data-shown=photo]').waitFor();
    },
  },
  {
    name: 'every option',
    async go({ page }) {
      await button(page, /^Show all/).click();
      const groups = page.locator('section[aria-labelledby=options] button[aria-expanded=false]:not([aria-haspopup])');
      while ((await groups.count()) > 0) await groups.first().click();
      await fill(page, 'Scales', '1');
      await fill(page, 'Momentum', '12');
    },
  },
  {
    name: 'why an option',
    async go({ page }) {
      await button(page, 'About Scales').click();
    },
  },
  {
    name: 'refused file',
    async go({ page, broken }) {
      await page.keyboard.press('Escape');
      await pick(page, 'Open another photo', broken);
      await page.getByText('Save it as JPEG or PNG.').waitFor();
    },
  },
  {
    name: 'guides',
    async go({ page, guide }) {
      await button(page, 'Close').click();
      await pick(page, 'Choose guide pictures', guide);
      await page.getByRole('combobox', { name: 'How they guide' }).waitFor();
    },
  },
  {
    name: 'running',
    async go({ page }) {
      await button(page, 'Remove the guide guide.png').click();
      await dream(page, '5000');
      await page.locator('[data-shown=preview]').waitFor();
    },
  },
  {
    name: 'dream',
    async go({ page }) {
      await button(page, 'Cancel').click();
      await dream(page, '2');
      await page.locator('[data-shown=dream]').waitFor();
    },
  },
  {
    name: 'download',
    go: ({ page }) => button(page, 'Download').click(),
  },
  {
    name: 'copy',
    async go({ page }) {
      await page.keyboard.press('Escape');
      await button(page, 'Copy as…').click();
    },
  },
  {
    name: 'mask',
    async go({ page }) {
      await page.keyboard.press('Escape');
      await button(page, 'Mask').click();
      await page.getByRole('combobox', { name: 'Add a shape…' }).selectOption('left');
    },
  },
  {
    name: 'layer',
    async go({ page, url }) {
      await button(page, 'Done').click();
      await dream(page, '3');
      await page.getByRole('link', { name: /^Gallery ?2$/ }).waitFor();
      await page.goto(`${url}#/layers/mixed4`);
      await page
        .getByRole('img', { name: /^Where channel/ })
        .first()
        .waitFor();
    },
  },
  {
    name: 'channel',
    async go({ page, url }) {
      await page.goto(`${url}#/layers/mixed4/42`);
      await page.getByText(/^Number \d+ of 768 for this photo/).waitFor();
      await button(page, 'Add mixed4[42] to the mix').click();
    },
  },
  {
    name: 'variations',
    async go({ page, url }) {
      await page.goto(`${url}#/variations`);
      await page.getByRole('combobox', { name: 'Vary' }).selectOption('steps');
      await page.getByRole('textbox', { name: /^Values of/ }).fill('1, 2');
      await button(page, /^Make 2/).click();
      await button(page, /^Take steps 2/).waitFor();
    },
  },
  {
    name: 'gallery',
    async go({ page }) {
      await page.getByRole('link', { name: 'Gallery' }).click();
      await button(page, /^Compare the dream/)
        .first()
        .click();
    },
  },
  {
    name: 'compared by a slider',
    async go({ page }) {
      await button(page, /^Compare the dream/)
        .last()
        .click();
      await page.getByRole('link', { name: 'Compare these two' }).click();
      await page.getByRole('slider').waitFor();
    },
  },
  {
    name: 'compared side by side',
    go: ({ page }) => page.getByRole('radio', { name: 'Side by side' }).click(),
  },
  {
    name: 'compared with nothing',
    async go({ page, url }) {
      await page.goto(`${url}#/compare/none/other`);
      await page.getByText('One of these pictures is not in the gallery').waitFor();
    },
  },
  {
    name: 'deleted',
    async go({ page, url }) {
      await page.goto(`${url}#/gallery`);
      await button(page, /^Delete/)
        .first()
        .click();
      await button(page, 'Put it back').waitFor();
    },
  },
  {
    name: 'movie to make',
    async go({ page, url }) {
      await button(page, 'Put it back').click();
      await page.goto(`${url}#/`);
      await page.getByRole('radio', { name: 'Movie', exact: true }).click();
      await button(page, 'Add a keyframe').click();
    },
  },
  {
    name: 'movie in the making',
    async go({ page }) {
      await button(page, 'Make the movie').click();
      await page.getByText('1 of 50 frames').waitFor();
    },
  },
  {
    name: 'movie',
    async go({ page }) {
      await button(page, 'Stop and keep').click();
      await page.locator('[data-shown=movie]').waitFor();
    },
  },
];
