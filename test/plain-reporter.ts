import type { Reporter, SerializedError, TestCase, TestModule, Vitest } from 'vitest/node';

/** What happened to the tests of one run. */
interface Tally {
  passed: number;
  failed: number;
  skipped: number;
  /** One line a skipped test: where it is and why it did not run. */
  readonly skips: string[];
}

/**
 * Ends the output with one line for people and programs alike: `N passed, N failed, N skipped`. Above it stands every
 * skipped test with its reason, so that no skip is silent.
 *
 * A file that cannot be imported, a hook that throws, an unhandled error and a test that never finished each count as
 * one failure. A run in which no test ran exits with 1.
 */
export class PlainReporter implements Reporter {
  private namePattern: RegExp | undefined;
  // What stays here when the run breaks off before its end is reported.
  private tally: Tally = { passed: 0, failed: 1, skipped: 0, skips: [] };

  onInit(vitest: Vitest): void {
    this.namePattern = vitest.config.testNamePattern;
    // Other reporters and the shutdown of the workers still print after the run; only a line written at exit is last.
    process.once('exit', () => this.finish());
  }

  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly SerializedError[]): void {
    const tally: Tally = { passed: 0, failed: unhandledErrors.length, skipped: 0, skips: [] };
    let unselected = 0;
    for (const module of modules) {
      const groups = [module, ...module.children.allSuites()];
      tally.failed += groups.filter((group) => group.errors().length > 0).length;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') {
          tally.passed += 1;
        } else if (result.state !== 'skipped') {
          tally.failed += 1;
        } else {
          tally.skipped += 1;
          if (this.isUnselected(test)) unselected += 1;
          else tally.skips.push(`${module.relativeModuleId} > ${test.fullName}: ${result.note ?? unnoted(test)}`);
        }
      }
    }
    // Whoever asks for tests by name knows that the others do not run: they need a number, not a list.
    if (unselected > 0) tally.skips.push(`${unselected} tests that the name pattern leaves out`);
    this.tally = tally;
  }

  private isUnselected(test: TestCase): boolean {
    return this.namePattern !== undefined && !this.namePattern.test(test.fullName.replaceAll(' > ', ' '));
  }

  private finish(): void {
    const { passed, failed, skipped, skips } = this.tally;
    if (failed > 0 || passed === 0) process.exitCode = 1;
    const lines = skips.map((skip) => `skipped: ${skip}`);
    process.stdout.write(`${[...lines, `${passed} passed, ${failed} failed, ${skipped} skipped`].join('\n')}\n`);
  }
}

function unnoted(test: TestCase): string {
  if (test.options.mode === 'todo') return 'still to be written';
  for (let group = test.parent; ; group = group.parent) {
    if (group.errors().length > 0) return 'a hook before it failed';
    if (group.type === 'module') return 'no reason given';
  }
}

// Vitest loads a reporter from a file by its default export.
export default PlainReporter;
