/** Every view of the studio, in both languages and both themes, examined by axe-core and in windows as narrow as a phone. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Studio, startStudio } from '../../apps/studio/start.js';
import { newFolder } from './run-cli.js';
import { faultsOfView, newListenedPage, noBrowser, startBrowser } from './studio-site.js';
import { type Tour, tourFiles, views } from './studio-tour.js';

let browser: Browser;
let studio: Studio;
let tour: Tour;
const complaints: string[] = [];

beforeEach((ctx) => ctx.skip(noBrowser !== undefined, noBrowser));

beforeAll(async () => {
  if (noBrowser) return;
  const files = await tourFiles(await newFolder(), 128);
  [browser, studio] = await Promise.all([startBrowser(), startStudio({ port: 0 })]);
  const context = await browser.newContext({
    locale: 'en-GB',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  });
  context.setDefaultTimeout(60_000);
  tour = { page: await newListenedPage(context, complaints), url: studio.url, ...files };
});

afterAll(async () => {
  await browser?.close();
  await studio?.close();
});

test.each(views)('$name', async ({ name, go }) => {
  await go(tour);
  expect(await faultsOfView(tour.page, name)).toEqual([]);
});

test('nothing was refused by the policy of the page, and no script failed', () => {
  expect(complaints).toEqual([]);
});
