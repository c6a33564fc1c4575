/** The studio on its server: dreams that go on without the page, and what else the page has a server do. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type ListedJob, PareidoliaClient } from '../../apps/server/client/client.js';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { openMovie } from '../../src/platform/node/index.js';
import { newFolder } from './run-cli.js';
import { accessibilityFaults, newListenedPage, noBrowser, startBrowser } from './studio-site.js';

const token = 'the-token-of-the-studio-test';

let browser: Browser;
let server: RunningServer;
let client: PareidoliaClient;
let context: BrowserContext;
let page: Page;
let photo: string;
let guide: string;
/** What the browser complained about. */
const complaints: string[] = [];

beforeEach((ctx) => ctx.skip(noBrowser !== undefined, noBrowser));

beforeAll(async () => {
  if (noBrowser) return;
  const folder = await newFolder();
  photo = join(folder, 'small castle.jpg');
  await sharp('examples/castle.jpg').resize(128).jpeg().toFile(photo);
  guide = join(folder, 'guide.png');
  await sharp('examples/castle.jpg').resize(112).negate().png().toFile(guide);
  const settings = settingsOf({ dataFolder: join(folder, 'data'), threads: 1 });
  const listen = { host: '127.0.0.1', port: 0, token, hosts: [], origins: [] };
  [browser, server] = await Promise.all([startBrowser(), startServer(settings, listen, () => {})]);
  client = new PareidoliaClient(server.url, { token });
  context = await newVisitor('en-GB');
  // The server asks for its token once.
  page = await newListenedPage(context, complaints, (text) => text.includes('401'));
  await page.goto(server.url);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
});

async function newVisitor(locale: string): Promise<BrowserContext> {
  const visitor = await browser.newContext({ locale, viewport: { width: 1440, height: 900 }, reducedMotion: 'reduce' });
  visitor.setDefaultTimeout(60_000);
  return visitor;
}

const button = (name: string | RegExp) => page.getByRole('button', { name, exact: typeof name === 'string' });
const stage = (shown: string) => page.locator(`[data-shown=${shown}]`);

async function pick(name: string, file: string): Promise<void> {
  const chooser = page.waitForEvent('filechooser');
  await button(name).click();
  await (await chooser).setFiles(file);
}

const latestJob = async () => (await client.jobs({ limit: 1 }))[0]!;
const expectState = (state: string) =>
  expect.poll(async () => (await latestJob()).state, { timeout: 30_000 }).toBe(state);

/** What axe-core finds in both themes, and what is wider than a phone. */
async function faultsOf(which: Page, view: string): Promise<string[]> {
  const faults: string[] = [];
  for (const [colorScheme, width] of [
    ['light', 1440],
    ['dark', 390],
  ] as const) {
    await which.emulateMedia({ colorScheme });
    await which.setViewportSize({ width, height: 900 });
    const wide = await which.evaluate<number>('document.documentElement.scrollWidth');
    if (wide > width) faults.push(`${view}: ${wide} pixels wide`);
    for (const fault of await accessibilityFaults(which)) faults.push(`${view} ${colorScheme}: ${fault}`);
  }
  await which.setViewportSize({ width: 1440, height: 900 });
  return faults;
}

test('the page asks for the token, and has the server make a dream that goes by a guide', async () => {
  await page.getByRole('radio', { name: 'On the server' }).click();
  await page.getByLabel('The server asks for its token').fill(token);
  expect(await faultsOf(page, 'token')).toEqual([]);
  await button('Enter').click();
  await page.locator('[data-engine=ready]').waitFor();
  await pick('Choose a photo', photo);
  await button('How to climb').click();
  await page.getByRole('textbox', { name: 'Steps on each octave' }).fill('5');
  await pick('Choose guide pictures', guide);
  await page.getByRole('combobox', { name: 'How they guide' }).selectOption('channel-match');
  await button('Dream').click();
  await stage('dream').waitFor();
  const job = await latestJob();
  const recipe = { input: { name: 'small castle.jpg' }, guides: [{ name: 'guide.png' }] };
  expect(job).toMatchObject({ kind: 'dream', state: 'done', recipe });
  expect(job.recipe['options']).toMatchObject({ objective: 'channel-match' });
  await page.getByRole('link', { name: /^Gallery ?1$/ }).waitFor();
});

test('what is copied for curl makes the same dream, run in a shell', async () => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await button('Copy as…').click();
  await button(/^curl/).click();
  await page.getByText('Copied.').waitFor();
  const lines = await page.evaluate<string>('navigator.clipboard.readText()');
  await page.keyboard.press('Escape');
  expect(lines).not.toContain(token);
  const folder = dirname(photo);
  await promisify(execFile)('bash', ['-ec', lines], {
    cwd: folder,
    env: { ...process.env, PAREIDOLIA_TOKEN: token },
  });
  const [copied, clicked] = (await client.jobs({ limit: 2 })) as [ListedJob, ListedJob];
  expect(copied.id).not.toBe(clicked.id);
  expect(copied.recipe['options']).toEqual(clicked.recipe['options']);
  const made = await client.download((await client.job(clicked.id)).results[0]!.url);
  expect(await readFile(join(folder, 'dream.png'))).toEqual(Buffer.from(made));
});

test('a dream is found again after a reload, by another visitor as well, and is stopped and kept', async () => {
  await page.getByRole('textbox', { name: 'Steps on each octave' }).fill('5000');
  await button('Dream again').click();
  await stage('preview').waitFor();
  await page.reload();
  await stage('preview').waitFor();
  await page.getByRole('img', { name: 'Guide guide.png' }).waitFor();
  expect((await latestJob()).state).toBe('running');

  const visitor = await newVisitor('zh-CN');
  const visit = await visitor.newPage();
  await visit.goto(server.url);
  await visit.getByRole('radio', { name: '在服务器上' }).click();
  await visit.getByLabel('服务器要求令牌').fill(token);
  await visit.getByRole('button', { name: '提交' }).click();
  await visit.getByRole('heading', { name: '服务器正在做' }).waitFor();
  expect(await faultsOf(visit, 'jobs')).toEqual([]);
  await visit.getByRole('button', { name: /^查看/ }).click();
  await visit.locator('[data-shown=preview]').waitFor();

  await button('Stop and keep').click();
  await stage('dream').waitFor();
  expect(await latestJob()).toMatchObject({ state: 'done' });
  await visit.locator('[data-shown=dream]').waitFor();
  await visit.getByRole('link', { name: /^图库 ?3$/ }).waitFor();
  await visitor.close();
});

test('a dream is cancelled, and opening another photo leaves it to the server', async () => {
  await page.getByRole('button', { name: 'How to climb' }).click();
  expect(await page.getByRole('textbox', { name: 'Steps on each octave' }).inputValue()).toBe('5000');
  await button('Dream again').click();
  await stage('preview').waitFor();
  await pick('Open another photo', photo);
  await stage('photo').waitFor();
  expect((await latestJob()).state).toBe('running');
  await page.getByRole('link', { name: /^Gallery/ }).click();
  await page.getByRole('button', { name: 'Watch Dream: small castle.jpg' }).click();
  await stage('preview').waitFor();
  await button('Cancel').click();
  await expectState('canceled');
});

/** Makes three frames of a movie, and reads the file that is downloaded. */
async function triedMovie(): Promise<{ readonly frames: number; readonly size: object; readonly hasRecipe: boolean }> {
  const progress = page.getByText(/[123] of 3 frames/).waitFor();
  await button('Try 3 frames').click();
  await Promise.all([progress, stage('movie').waitFor()]);
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download the movie' }).click();
  const file = await download;
  expect(file.suggestedFilename()).toBe('small castle-zoom.mp4');
  const path = join(dirname(photo), 'zoom.mp4');
  await file.saveAs(path);
  const movie = await openMovie(path);
  const { width, height } = movie.info;
  let frames = 0;
  for await (const _ of movie.frames()) frames++;
  await movie.close();
  return { frames, size: { width, height }, hasRecipe: (await readFile(path)).includes('"kind":"movie"') };
}

test('a movie is tried in the browser, stopped and kept, and made by the server as well', async () => {
  await button('Reset all to the look').click();
  await page.getByRole('radio', { name: 'In this browser' }).click();
  await page.getByRole('radio', { name: 'Movie', exact: true }).click();
  await button('Add a keyframe').click();
  await page.getByRole('group', { name: 'Keyframe 25' }).getByRole('textbox', { name: 'Turn' }).fill('3');
  // H.264 has no odd sides: the photo has 85 rows.
  const wanted = { frames: 3, size: { width: 128, height: 84 }, hasRecipe: true };
  expect(await triedMovie()).toEqual(wanted);
  await button('Remove the guide guide.png').click();
  await button('Make the movie').click();
  await page.getByText('4 of 50 frames').waitFor();
  await button('Stop and keep').click();
  await stage('movie').waitFor();
  expect(await faultsOf(page, 'movie')).toEqual([]);
  await button('中文').click();
  expect(await faultsOf(page, '影片')).toEqual([]);
  await button('English').click();
  await page.getByRole('radio', { name: 'On the server' }).click();
  await page.locator('[data-engine=ready]').waitFor();
  expect(await triedMovie()).toMatchObject({ frames: 3, hasRecipe: true });
  expect(await latestJob()).toMatchObject({ kind: 'zoom', state: 'done' });
});

test('nothing was refused by the policy of the page, and no script failed', () => {
  expect(complaints).toEqual([]);
});
