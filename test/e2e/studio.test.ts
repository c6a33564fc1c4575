/** The studio as visitors meet it: the built page in a browser, with the real network. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Studio, startStudio } from '../../apps/studio/start.js';
import {
  createNodePlatform,
  dream,
  extractRecipe,
  loadNetwork,
  parseRecipe,
  planDream,
  readPicture,
} from '../../src/platform/node/index.js';
import { newFolder } from './run-cli.js';
import { accessibilityFaults, newListenedPage, noBrowser, startBrowser, startPlainHost } from './studio-site.js';

let browser: Browser;
let studio: Studio;
let context: BrowserContext;
let page: Page;
let folder: string;
let photo: string;
/** What the browser complained about: scripts that failed, and what the policy of the page refused. */
const complaints: string[] = [];

beforeEach((ctx) => ctx.skip(noBrowser !== undefined, noBrowser));

beforeAll(async () => {
  if (noBrowser) return;
  folder = await newFolder();
  photo = join(folder, 'small castle.jpg');
  await sharp('examples/castle.jpg').resize(160).jpeg().toFile(photo);
  [browser, studio] = await Promise.all([startBrowser(), startStudio({ port: 0 })]);
  context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
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
const stage = (shown: string) => page.locator(`[data-shown=${shown}]`);

/** Picks a file with a button of the page, which is one click. */
async function pick(name: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button(name).click();
  await (await chooser).setFiles(file);
}

async function downloaded(format: RegExp): Promise<Buffer> {
  await button('Download').click();
  const download = page.waitForEvent('download');
  await button(format).click();
  const bytes = await readFile(await (await download).path());
  await page.keyboard.press('Escape');
  return bytes;
}

let png: Buffer;

test('two clicks make a dream, which is that of the command line', async () => {
  await pick('Choose a photo', photo);
  await button('Dream').click();
  await stage('dream').waitFor();
  png = await downloaded(/PNG/);
  const recipe = parseRecipe((await extractRecipe(png))!, 'dream');
  expect(recipe).toMatchObject({ input: { name: 'small castle.jpg' }, runtime: { name: 'onnxruntime-web' } });
  expect(await sharp(png).metadata()).toMatchObject({ width: 160, height: 107, format: 'png' });

  const platform = await createNodePlatform();
  const picture = await readPicture(await readFile(photo), { name: 'photo' });
  const plan = planDream(await loadNetwork(), picture, recipe.options);
  for await (const event of dream(plan, picture, { platform })) {
    if (event.type !== 'finished') continue;
    const objective = Number(await stage('dream').getAttribute('data-objective'));
    // The seed is a new one each time, and what differs in the last digits grows from step to step.
    expect(Math.abs(objective / event.objectiveLast - 1)).toBeLessThan(0.05);
    expect(objective).toBeGreaterThan(1.2 * event.objectiveFirst);
  }
  await platform.close();
});

test('JPEG and WebP carry the recipe as well, and without it nothing does', async () => {
  const jpeg = await downloaded(/JPEG/);
  const recipe = parseRecipe((await extractRecipe(jpeg))!, 'dream');
  expect(recipe).toMatchObject({ output: { format: 'jpeg' } });
  expect(parseRecipe((await extractRecipe(await downloaded(/WebP/)))!, 'dream').options).toEqual(recipe.options);
  await button('Download').click();
  await page.getByRole('switch', { name: 'Put the recipe inside' }).click();
  const download = page.waitForEvent('download');
  await button(/PNG/).click();
  const bare = await readFile(await (await download).path());
  await page.getByRole('switch', { name: 'Put the recipe inside' }).click();
  await page.keyboard.press('Escape');
  expect(await extractRecipe(bare)).toBeUndefined();
  expect(await sharp(bare).raw().toBuffer()).toEqual(await sharp(png).raw().toBuffer());
});

test('the seam between photo and dream is a range that keys move', async () => {
  const seam = page.getByRole('slider', { name: 'Compare photo and dream' });
  await seam.focus();
  await page.keyboard.press('Home');
  expect(await seam.inputValue()).toBe('0');
  await page.keyboard.press('Shift+ArrowRight');
  expect(await seam.inputValue()).toBe('10');
  expect(await seam.getAttribute('aria-valuetext')).toBe('10 % photo, 90 % dream');
  const box = (await seam.boundingBox())!;
  await page.mouse.click(box.x + box.width * 0.75, box.y + box.height / 2);
  expect(Number(await seam.inputValue())).toBeCloseTo(75, -1);
});

test('settings are undone, redone, reset, and come back from a made picture', async () => {
  await page.getByText('Keras', { exact: true }).click();
  await button(/^mixed ?0$/).click();
  await page.getByRole('button', { name: 'How to climb' }).click();
  const steps = page.getByRole('textbox', { name: 'Steps on each octave' });
  await steps.fill('0');
  expect(await steps.getAttribute('aria-invalid')).toBe('true');
  await steps.fill('17');
  await button('Undo').click();
  expect(await steps.inputValue()).toBe('20');
  await button('Redo').click();
  expect(await steps.inputValue()).toBe('17');
  await button('Reset Steps on each octave').click();
  expect(await steps.inputValue()).toBe('20');

  const made = join(folder, 'made.png');
  await writeFile(made, png);
  await pick('Open another photo', made);
  await page.getByText('The settings of made.png are back.').waitFor();
  expect(await page.getByRole('radio', { name: 'Classic' }).isChecked()).toBe(true);
  const { options } = parseRecipe((await extractRecipe(png))!, 'dream');
  expect(await page.getByRole('textbox', { name: 'Seed' }).inputValue()).toBe(String(options.seed));
  await button('Close').click();
});

// Twenty thousand steps would take an hour: whoever gets back to the button has not waited for them.
test('a dream is cancelled, or stopped and kept', async () => {
  const again = button('Dream again');
  await page.getByRole('textbox', { name: 'Steps on each octave' }).fill('5000');
  await again.click();
  await stage('preview').waitFor();
  await button('Cancel').click();
  await again.waitFor();
  await again.click();
  await stage('preview').waitFor();
  await button('Stop and keep').click();
  await again.waitFor();
  const recipe = parseRecipe((await extractRecipe(await downloaded(/PNG/)))!, 'dream');
  expect(recipe.stopped).toMatchObject({ octave: 1 });
});

test('an engine that fails starts again, and an address names a layer', async () => {
  const worker = page.workers().find((each) => each.url().includes('dream-worker'))!;
  // A message that is none of ours: what the worker's own script throws at that ends it.
  await worker.evaluate('void dispatchEvent(new MessageEvent("message", { data: 0 }))');
  await page.getByText('The engine stopped').waitFor();
  await button('Close').click();
  await page.locator('[data-engine=ready]').waitFor();
  await page.goto(`${studio.url}#/layer/mixed6`);
  await page.getByRole('link', { name: 'mixed6' }).waitFor();
  expect(await button(/^mixed ?6$/).getAttribute('aria-pressed')).toBe('true');
});

test('what cannot be opened is refused in a sentence', async () => {
  const huge = join(folder, 'huge.png');
  const header = Buffer.from(
    await sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } })
      .png()
      .toBuffer(),
  );
  header.writeUInt32BE(30_000, 16);
  header.writeUInt32BE(30_000, 20);
  await writeFile(huge, header);
  await pick('Open another photo', huge);
  await page.getByText('expected at most 50 megapixels, got 30000×30000. Use a smaller copy.').waitFor();
  await writeFile(huge, 'no picture');
  await pick('Open another photo', huge);
  await page.getByText('Save it as JPEG or PNG.').waitFor();
  await button('Close').click();
});

test('the language is switched, and stays', async () => {
  await page.getByRole('link', { name: /Gallery/ }).click();
  await button('中文').click();
  await page.getByRole('link', { name: '创作' }).click();
  expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
});

test('the gallery keeps what was made, gives it back, and deletes it until one thinks better of it', async () => {
  await page.goto(`${studio.url}#/gallery`);
  await page.reload();
  await page.getByRole('heading', { name: '图库' }).waitFor();
  const pictures = page.getByRole('button', { name: /^打开/ });
  await pictures.first().waitFor();
  expect(await pictures.count()).toBe(2);
  await page.getByRole('button', { name: /^删除/ }).first().click();
  expect(await pictures.count()).toBe(1);
  await button('放回去').click();
  expect(await pictures.count()).toBe(2);
  await pictures.last().click();
  await stage('dream').waitFor();
});

test('without a connection the page opens and its engine starts', async () => {
  await context.setOffline(true);
  await page.goto(studio.url);
  await page.getByRole('heading', { level: 1 }).waitFor();
  await page.locator('[data-engine=ready]').waitFor();
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await accessibilityFaults(page)).toEqual([]);
  }
  await context.setOffline(false);
});

test('nothing was refused by the policy of the page, and no script failed but the one that was made to', () => {
  expect(complaints.filter((text) => !/'end' in 0|in 0|ERR_INTERNET_DISCONNECTED/.test(text))).toEqual([]);
});

test('on a host that sends no headers it runs on one thread and says so, and on all of them after a reload', async () => {
  const host = await startPlainHost();
  const visitor = await browser.newContext({ locale: 'zh-CN' });
  const visit = await visitor.newPage();
  await visit.goto(host.url);
  await visit.locator('[data-engine=ready]').waitFor();
  expect(await visit.evaluate('crossOriginIsolated')).toBe(false);
  await visit.getByText('因为网站没有隔离它').waitFor();
  await visit.getByRole('button', { name: '重新加载' }).click();
  await expect.poll(() => visit.evaluate('crossOriginIsolated').catch(() => false), { timeout: 30_000 }).toBe(true);
  await visit.locator('[data-engine=ready]').waitFor();
  await visitor.close();
  host.close();
});
