/** A browser, and sites for it to visit. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { chromium } from 'playwright-core';
import { siteFiles } from '../../apps/studio/files.js';

/** Debian's browser. */
export const chromiumPath = '/usr/bin/chromium';

/** Why the tests with a browser do not run here; undefined where they do. */
export const noBrowser = existsSync(chromiumPath) ? undefined : "needs Debian's chromium";

const axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Starts the browser without what it would fetch from elsewhere. */
export function startBrowser(): Promise<Browser> {
  const quiet = ['--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update'];
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox', '--disable-gpu', ...quiet] });
}

/** A page that notes what the browser complains about: scripts that failed, and what the page's policy refused. */
export async function newListenedPage(
  context: BrowserContext,
  complaints: string[],
  isExpected: (text: string) => boolean = () => false,
): Promise<Page> {
  const page = await context.newPage();
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (message.type() === 'error' && !isExpected(message.text())) complaints.push(message.text());
  });
  return page;
}

const rules = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with the page as it is, one line each. */
export async function accessibilityFaults(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const runOnly = JSON.stringify(rules);
  return page.evaluate<
    string[]
  >(`axe.run(document, { runOnly: ${runOnly} }).then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) =>
    id + ' ' + target.join(' ') + ' ' + failureSummary.split('\\n')[1])))`);
}

/** A host that knows nothing of headers. */
export async function startPlainHost(): Promise<{ readonly url: string; close(): void }> {
  const files = await siteFiles();
  const types: Record<string, string> = {
    html: 'text/html',
    js: 'text/javascript',
    mjs: 'text/javascript',
    css: 'text/css',
    wasm: 'application/wasm',
  };
  const server = createServer(async ({ url = '/' }, response) => {
    const path = new URL(url, 'http://x').pathname.slice(1) || 'index.html';
    const file = files.get(path);
    if (!file) return void response.writeHead(404).end();
    const type = types[path.split('.').at(-1)!] ?? 'application/octet-stream';
    response.writeHead(200, { 'Content-Type': type }).end(await readFile(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Changes between English and Chinese. Menus that are open stay open. */
export async function switchLanguage(page: Page): Promise<void> {
  await page.evaluate("document.querySelector('header button[lang]').click()");
}

/**
 * What is wrong with a view of the page: by axe-core, in both languages and both themes, and in a window as narrow as a
 * small phone, where nothing may be wider. The page is as it was afterwards: in English, 1440 × 900.
 */
export async function faultsOfView(page: Page, view: string): Promise<string[]> {
  const faults: string[] = [];
  for (const language of ['English', 'Chinese']) {
    for (const colorScheme of ['dark', 'light'] as const) {
      await page.emulateMedia({ colorScheme });
      const found = await accessibilityFaults(page);
      faults.push(...found.map((fault) => `${view}, ${language}, ${colorScheme}: ${fault}`));
    }
    for (const width of [320, 390]) {
      await page.setViewportSize({ width, height: 640 });
      const taken = await page.evaluate<number>('document.documentElement.scrollWidth');
      if (taken > width) faults.push(`${view}, ${language}: ${taken} pixels wide in ${width}`);
    }
    await page.setViewportSize({ width: 1440, height: 900 });
    await switchLanguage(page);
  }
  return faults;
}
