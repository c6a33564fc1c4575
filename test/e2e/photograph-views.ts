/**
 * Photographs every view of the studio, to be looked at: `node dist/test/e2e/photograph-views.js FOLDER [WIDTHxHEIGHT ...]`.
 * Each is taken in English and light, and in Chinese and dark.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startStudio } from '../../apps/studio/start.js';
import { startBrowser, switchLanguage } from './studio-site.js';
import { tourFiles, views } from './studio-tour.js';

const [folder, ...sizes] = process.argv.slice(2);
if (folder === undefined) throw new Error('expected a folder for the pictures');
const windows = (sizes.length > 0 ? sizes : ['390x844', '1440x900']).map((size) => {
  const [width = 0, height = 0] = size.split('x').map(Number);
  return { width, height };
});

await mkdir(folder, { recursive: true });
const files = await tourFiles(folder, 480);
const [browser, studio] = await Promise.all([startBrowser(), startStudio({ port: 0 })]);
const usual = { width: 1440, height: 900 };
const page = await browser.newPage({ locale: 'en-GB', viewport: usual, reducedMotion: 'reduce' });
page.setDefaultTimeout(120_000);
for (const [i, { name, go }] of views.entries()) {
  await go({ page, url: studio.url, ...files });
  for (const size of windows) {
    await page.setViewportSize(size);
    const path = (look: string) =>
      join(folder, `${String(i).padStart(2, '0')} ${name} ${size.width} ${look}.png`.replaceAll(' ', '-'));
    await page.screenshot({ path: path('light') });
    await page.emulateMedia({ colorScheme: 'dark' });
    await switchLanguage(page);
    await page.screenshot({ path: path('dark') });
    await page.emulateMedia({ colorScheme: 'light' });
    await switchLanguage(page);
  }
  await page.setViewportSize(usual);
}
await browser.close();
await studio.close();
