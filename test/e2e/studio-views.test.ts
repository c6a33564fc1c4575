/** What the studio has beside the picture: layers and channels, a mask, variations, and two pictures compared. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Studio, startStudio } from '../../apps/studio/start.js';
import {
  activations,
  createNodePlatform,
  extractRecipe,
  loadNetwork,
  parseRecipe,
  rankChannels,
  readPicture,
} from '../../src/platform/node/index.js';
import { newFolder } from './run-cli.js';
import { newListenedPage, noBrowser, startBrowser } from './studio-site.js';

let browser: Browser;
let studio: Studio;
let page: Page;
let folder: string;
let photo: string;
const size = { width: 144, height: 96 };
const complaints: string[] = [];
/** What is wrong with the views in English, as they come by. */

beforeEach((ctx) => ctx.skip(noBrowser !== undefined, noBrowser));

beforeAll(async () => {
  if (noBrowser) return;
  folder = await newFolder();
  photo = join(folder, 'castle.png');
  await sharp('examples/castle.jpg').resize(size).png().toFile(photo);
  [browser, studio] = await Promise.all([startBrowser(), startStudio({ port: 0 })]);
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(40_000);
  page = await newListenedPage(context, complaints);
  await page.goto(studio.url);
});

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const go = (hash: string) => page.goto(`${studio.url}${hash}`);

async function pick(name: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button(name).click();
  await (await chooser).setFiles(file);
}

async function saved(start: () => Promise<void>): Promise<Buffer> {
  const download = page.waitForEvent('download');
  await start();
  return readFile(await (await download).path());
}

/** The field of the number of steps, unfolded. */
async function stepsField() {
  await go('#/');
  const field = page.getByRole('textbox', { name: 'Steps on each octave' });
  if (!(await field.isVisible())) await button(/^How to climb/).click();
  return field;
}

/** Dreams a few steps on one scale, and gives the picture with its recipe. */
async function dreamOf(steps: string): Promise<Buffer> {
  await (await stepsField()).fill(steps);
  await button(/^Scales and tiles/).click();
  await page.getByRole('textbox', { name: 'Scales', exact: true }).fill('1');
  await button(/^Dream( again)?$/).click();
  await button('Cancel').waitFor({ state: 'detached' });
  await button('Download').click();
  const png = await saved(() => button(/PNG/).click());
  await page.keyboard.press('Escape');
  return png;
}

test('before there is a photo, gallery and layers can be visited', async () => {
  await page.getByRole('link', { name: 'Gallery' }).click();
  await page.getByText('Nothing here yet').waitFor();
  await page.getByRole('link', { name: 'Layers' }).click();
  await page.getByRole('navigation', { name: /^The network/ }).waitFor();
});

test('the built-in network comes with pictures of its channels', async () => {
  const get = async (name: string) => Buffer.from(await (await fetch(`${studio.url}thumbnails/${name}`)).arrayBuffer());
  const { side, columns, rows, channels } = JSON.parse(`${await get('index.json')}`) as {
    readonly [name in 'side' | 'columns' | 'rows']: number;
  } & { readonly channels: Readonly<Record<string, readonly number[]>> };
  expect(Object.keys(channels)).toEqual(expect.arrayContaining(['mixed0', 'mixed4', 'mixed7']));
  for (const [layer, numbers] of Object.entries(channels)) {
    expect(new Set(numbers).size).toBe(columns * rows);
    const { dominant, channels: planes } = await sharp(await get(`${layer}.webp`)).stats();
    expect(await sharp(await get(`${layer}.webp`)).metadata()).toMatchObject({
      width: columns * side,
      height: rows * side,
    });
    // A sheet of grey noise or of one colour would be a failed one.
    expect(Math.max(...planes.map(({ stdev }) => stdev))).toBeGreaterThan(25);
    expect(dominant).toBeDefined();
  }
});

test('a layer shows which channels light up, as the library has them, and draws what they look for', async () => {
  await go('#/');
  await pick('Choose a photo', photo);
  await page.locator('[data-engine=ready]').waitFor();
  await go('#/layers/mixed4');
  const heats = page.getByRole('img', { name: /^Where channel/ });
  await heats.first().waitFor();
  const platform = await createNodePlatform();
  const picture = await readPicture(await readFile(photo), { name: 'photo' });
  const { layers } = await activations(await loadNetwork(), picture, 'mixed4', platform);
  await platform.close();
  const [first] = rankChannels(layers[0]!);
  expect(await heats.first().getAttribute('aria-label')).toBe(`Where channel ${first!.channel} lights up`);

  // An early layer, because its graph is small.
  await go('#/layers/activation_3');
  await button('Draw 12 more').click();
  const second = page.locator('a[href="#/layers/activation_3/2"] img');
  await second.waitFor();
  await button('Stop drawing').first().click();
  await button(/^Draw \d+ more$/).waitFor();
  const drawn = await second.screenshot();
  expect(Math.max(...(await sharp(drawn).stats()).channels.map(({ stdev }) => stdev))).toBeGreaterThan(10);
});

test('a channel has an address, goes into the mix, weighs more, and leaves it again', async () => {
  await go('#/layers/mixed4/42');
  await page.getByRole('img', { name: 'What channel 42 of mixed4 looks for' }).waitFor();
  await page.getByText(/^Number \d+ of 768 for this photo/).waitFor();
  await button('Add mixed4[42] to the mix').click();
  const weight = page.getByRole('slider', { name: 'Weight of mixed4[42]' });
  await weight.focus();
  await page.keyboard.press('End');
  await page.getByRole('link', { name: 'Go and dream' }).click();
  await button('Copy as…').click();
  await page.getByRole('code').filter({ hasText: "'mixed3,mixed5,mixed4[42]:3'" }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'mixed4[42]' }).click();
  await button('Take mixed4[42] out of the mix').click();
  await button('Add mixed4[42] to the mix').waitFor();
  await go('#/layers/mixed4/999');
  await page.getByText('mixed4 has channels from 0 to 767.').waitFor();
});

test('settings are undone and redone by keys', async () => {
  await go('#/');
  const chosen = (name: string) => page.getByRole('radio', { name, exact: true }).isChecked();
  await page.getByText('Keras', { exact: true }).click();
  await page.keyboard.press('Control+z');
  expect(await chosen('Classic')).toBe(true);
  await page.keyboard.press('Control+Shift+z');
  expect(await chosen('Keras')).toBe(true);
  await page.keyboard.press('Control+z');
});

test('a mask is painted by keys and shapes, undone, saved and opened; black stays as it is', async () => {
  await button('Mask').click();
  await page.getByRole('combobox', { name: 'Add a shape…' }).selectOption('left');
  await page.getByText('Dreams on 50 % of the photo').waitFor();
  await page.locator('[data-mask]').focus();
  for (const key of ['ArrowRight', 'ArrowRight', 'Space']) await page.keyboard.press(key);
  const part = page.getByText(/^Dreams on/);
  expect(await part.textContent()).not.toContain('50 %');
  await page.keyboard.press('Control+z');
  expect(await part.textContent()).toContain('50 %');
  const box = (await page.locator('[data-mask]').boundingBox())!;
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.5 * box.height);
  await page.mouse.down();
  await page.mouse.move(box.x + 0.9 * box.width, box.y + 0.6 * box.height, { steps: 3 });
  await page.mouse.up();
  expect(await part.textContent()).not.toContain('50 %');
  await button('Undo the last change of the mask').click();
  await button('Invert').click();
  const mask = await saved(() => button('Save the mask').click());
  const { data } = await sharp(mask).greyscale().raw().toBuffer({ resolveWithObject: true });
  expect([data[1], data[size.width - 2]]).toEqual([0, 255]);
  await button('Done').click();

  const png = await dreamOf('2');
  const { mask: named } = parseRecipe((await extractRecipe(png))!, 'dream');
  expect(named).toEqual({ name: 'mask.png', sha256: createHash('sha256').update(mask).digest('hex') });
  const half = (file: Buffer | string, left: number) =>
    sharp(file).removeAlpha().extract({ left, top: 0, width: 71, height: 96 }).raw().toBuffer();
  expect((await half(png, 0)).equals(await half(photo, 0))).toBe(true);
  expect((await half(png, 73)).equals(await half(photo, 73))).toBe(false);

  await button('Mask').click();
  await button('Clear').click();
  await page.getByText('Nothing painted').waitFor();
  await pick('Open a mask', photo);
  await part.waitFor();
  await button('Clear').click();
  await button('Done').click();
});

test('variations are made small, and one of them gives its settings', async () => {
  await page.getByRole('link', { name: 'Try variations' }).click();
  await page.getByRole('combobox', { name: 'Vary' }).selectOption('layers');
  const values = page.getByRole('textbox');
  await values.first().fill('mixed1;mixed3');
  await page.getByRole('combobox', { name: 'And' }).selectOption('steps');
  await values.last().fill('0');
  await page.getByRole('alert').waitFor();
  await values.last().fill('1');
  await button('Make 2 small dreams').click();
  await button('Take layers mixed1, steps 1').waitFor();
  await button('Take layers mixed3, steps 1').waitFor();
  const pictures = await page.locator('main li img').evaluateAll((images) => images.map((each) => each.clientWidth));
  expect(pictures.every((width) => width > 100)).toBe(true);
  await button('Take layers mixed1, steps 1').click();
  expect(await (await stepsField()).inputValue()).toBe('1');
  await page.getByRole('slider', { name: 'Weight of mixed1' }).waitFor();
});

test('two pictures of the gallery are compared, with what differs in their recipes', async () => {
  await dreamOf('3');
  await page.getByRole('link', { name: 'Gallery' }).click();
  const compare = button(/^Compare the dream/);
  await compare.first().click();
  await page.getByText('Choose one more.').waitFor();
  await compare.last().click();
  await page.getByRole('link', { name: 'Compare these two' }).click();
  const rows = page.getByRole('rowheader');
  await rows.first().waitFor();
  expect(await rows.allTextContents()).toEqual(['Mask', 'Layers', 'Steps on each octave', 'Seed']);
  const slider = page.getByRole('slider', { name: 'Compare the first picture with the second' });
  await slider.focus();
  await page.keyboard.press('Home');
  expect(await slider.getAttribute('aria-valuetext')).toBe('0 % first, 100 % second');
  await page.getByRole('radio', { name: 'Side by side' }).click();
  expect(await page.getByRole('img', { name: /the dream of castle.png/ }).count()).toBe(2);
  await go('#/compare/none/other');
  await page.getByText('One of these pictures is not in the gallery').waitFor();
});

test('without a connection the layers have their pictures', async () => {
  await page.context().setOffline(true);
  const address = `${studio.url}thumbnails/mixed7.webp`;
  const kept = await page.evaluate<string>(`fetch('${address}').then((answer) => answer.headers.get('content-type'))`);
  expect(kept).toBe('image/webp');
  await page.context().setOffline(false);
  expect(complaints).toEqual([]);
});
