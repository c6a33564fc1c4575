import { existsSync, readdirSync } from 'node:fs';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

// A test whose source was deleted or renamed stays compiled in dist/ until someone cleans it; it must not run.
const orphans = existsSync('dist')
  ? readdirSync('dist', { recursive: true, encoding: 'utf8' })
      .map((path) => path.replaceAll('\\', '/'))
      .filter((path) => path.endsWith('.test.js') && !existsSync(path.replace(/\.js$/, '.ts')))
  : [];

/** Whole-program tests take longest, so they begin: begun late, one of them would keep a single core busy at the end. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isUnit = ({ moduleId }: TestSpecification): number => (/[/\\]dist[/\\]test[/\\]/.test(moduleId) ? 0 : 1);
    // Vitest goes by how long a file took before, and by its size where that is not known.
    return (await super.sort(files)).sort((one, other) => isUnit(one) - isUnit(other));
  }
}

// The compiled tests run, not their sources: what is tested is what ships.
export default defineConfig({
  test: {
    include: ['dist/**/*.test.js'],
    exclude: ['**/node_modules/**', ...orphans.map((path) => `dist/${path}`)],
    pool: 'forks',
    maxWorkers: 3,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    reporters: ['default', './dist/test/plain-reporter.js'],
  },
});
