/** Writes docs/options.md from the options tables; a test holds the page to what this would write. */
import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { optionsPage } from './options-page.js';

await writeFile(fileURLToPath(new URL('../../docs/options.md', import.meta.url)), optionsPage());
