import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { optionsPage } from './options-page.js';

test('docs/options.md says what the options tables say', async () => {
  const page = await readFile(new URL('../../docs/options.md', import.meta.url), 'utf8');
  expect(page).toBe(optionsPage());
});
