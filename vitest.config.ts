import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';

// A test whose source was deleted or renamed stays compiled in dist/ until someone cleans it; it must not run.
const orphans = existsSync('dist')
  ? readdirSync('dist', { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.js') && !existsSync(path.replace(/\.js$/, '.ts')))
  : [];

// The compiled tests run, not their sources: what is tested is what ships.
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: ['**/node_modules/**', ...orphans.map((path) => `dist/${path}`)],
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './dist/test/plain-reporter.js'],
  },
});
