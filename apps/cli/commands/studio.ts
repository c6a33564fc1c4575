import { type Command, Option as Flag } from 'commander';
import { OptionError, parseOption } from '../../../src/index.js';
import { heading } from '../flags/flags.js';

const port = { kind: 'integer', default: 4747, min: 0, max: 65_535, group: 'output', help: '' } as const;

const examples = `
Examples:
  pareidolia studio                       the studio in your browser, on this machine only
  pareidolia studio --port 0              on any port that is free
  pareidolia studio --export site/        the same page as files, for any web host`;

interface StudioFlags {
  readonly port: number;
  readonly host: string;
  readonly open: boolean;
  readonly export?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Registers `pareidolia studio`. */
export function registerStudio(program: Command): void {
  const flags = [
    new Flag('--port <number>', `port to listen on, 0 for any that is free (default: ${port.default})`)
      .default(port.default, '')
      .argParser((value) => parseOption('port', port, value)),
    new Flag('--host <address>', 'interface to listen on; others than this machine cannot reach 127.0.0.1').default(
      '127.0.0.1',
    ),
    new Flag('--no-open', 'do not open the browser'),
    new Flag('--export <folder>', 'write the page into a folder instead of serving it'),
    new Flag('-f, --force', 'overwrite existing files'),
    new Flag('--json', 'print the address as JSON'),
    new Flag('-q, --quiet', 'print nothing but the address'),
  ];
  const command = program
    .command('studio')
    .description('Open the studio: a page that dreams in your browser. Ctrl-C ends it.');
  for (const flag of flags) command.addOption(flag.helpGroup(heading('output')));
  command.addHelpText('after', examples).action(async (given: StudioFlags) => {
    // Imported here, so that --help does not wait for it.
    if (given.export !== undefined) {
      const { exportStudio } = await import('../studio/export-studio.js');
      await exportStudio(given.export, { force: given.force === true, quiet: given.quiet === true });
      return;
    }
    if (given.force) throw new OptionError('option/invalid', '--force: expected --export beside it, got none.');
    const { serveStudio } = await import('../studio/serve-studio.js');
    await serveStudio(given);
  });
}
