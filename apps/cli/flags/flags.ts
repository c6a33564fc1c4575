import { type Command, Option as Flag } from 'commander';
import { flagOf, type Option, type OptionTable, parseOption } from '../../../src/index.js';
import { parseMemorySize } from './memory-size.js';

/** Adds a flag for every option of a table. A flag that is not given stays undefined, so that a preset can speak. */
export function addFlags(command: Command, table: OptionTable): Command {
  for (const [name, option] of Object.entries(table)) {
    const flag = new Flag(spelling(name, option), describe(option)).helpGroup(heading(option.group));
    if (option.kind === 'choice') flag.choices(option.choices);
    if (option.kind !== 'flag') flag.argParser((value) => parseOption(name, option, value));
    command.addOption(flag);
    // A flag that is on by default is turned off with --no-…; both spellings are understood.
    if (option.kind === 'flag' && option.default) command.addOption(new Flag(flagOf(name)).hideHelp());
  }
  return command;
}

/** A table without some of its options, and with other defaults for the rest. */
export function tableWith(
  table: OptionTable,
  { without, defaults }: { readonly without: readonly string[]; readonly defaults: Readonly<Record<string, unknown>> },
): OptionTable {
  return Object.fromEntries(
    Object.entries(table)
      .filter(([name]) => !without.includes(name))
      .map(([name, option]) => [name, { ...option, default: defaults[name] ?? option.default } as Option]),
  );
}

/** The values that were given for a table's flags; the others stay undefined. */
export function givenFlags(command: Command, table: OptionTable): Record<string, unknown> {
  const given: Record<string, unknown> = {};
  for (const name of Object.keys(table)) {
    // Commander presets a --no-… flag to true; only what the user typed counts.
    if (command.getOptionValueSource(name) === 'cli') given[name] = command.getOptionValue(name);
  }
  return given;
}

/** The headings that options stand under in `--help`. */
export function heading(group: string): string {
  return `${group[0]!.toUpperCase()}${group.slice(1)}:`;
}

/** `--progress`, the same for every command that dreams. */
export function progressFlag(): Flag {
  const help = 'how to show progress: auto, none, or json for one line an event on standard error';
  return choiceFlag('progress', 'mode', help, ['auto', 'json', 'none']).default('auto', 'a bar on terminals');
}

/** A flag that takes one of a few words and is in no table. */
export function choiceFlag(name: string, what: string, help: string, choices: readonly string[]): Flag {
  const option = { kind: 'choice', default: '', choices, group: 'output', help } as const;
  return new Flag(`${flagOf(name)} <${what}>`, help)
    .choices(choices)
    .argParser((value) => parseOption(name, option, value));
}

const cell = { kind: 'integer', default: 1, min: 1, max: 100_000, group: 'output', help: '' } as const;

/** `--cell`, for commands that read recipes. */
export function cellFlag(): Flag {
  return new Flag('--cell <number>', 'which picture of a sheet, counted from 1').argParser((value) =>
    parseOption('cell', cell, value),
  );
}

const threads = { kind: 'integer', default: 1, min: 1, max: 1024, group: 'output', help: '' } as const;

/** `--threads`, the same for every command that computes. */
export function threadsFlag(): Flag {
  return new Flag('--threads <number>', 'threads to compute with (default: all cores)').argParser((value) =>
    parseOption('threads', threads, value),
  );
}

/** `--max-memory`, the same for every command that dreams. */
export function maxMemoryFlag(): Flag {
  const help = 'memory that may be taken, such as 1.5GiB (default: what is free)';
  return new Flag('--max-memory <size>', help).argParser((value) => parseMemorySize('--max-memory', value));
}

function spelling(name: string, option: Option): string {
  const flag = flagOf(name);
  switch (option.kind) {
    case 'flag':
      return option.default ? flag.replace('--', '--no-') : flag;
    case 'choice':
      return `${flag} <name>`;
    case 'text':
      return `${flag} <list>`;
    default:
      return `${flag} <${option.unit ?? 'number'}>`;
  }
}

function describe(option: Option): string {
  if (option.kind === 'flag') return option.default ? `do not ${option.help}` : option.help;
  const fallback = option.default === null ? '' : ` (default: ${option.default})`;
  return `${option.help}${fallback}`;
}

const trial = { kind: 'integer', default: 3, min: 1, max: 1000, group: 'output', help: '' } as const;

/** The flags of commands that make movies frame by frame, under the heading of the output. */
export function addMovieFlags(command: Command): void {
  const flags = [
    new Flag('--trial <number>', 'make this many frames, and say how long and how large all would be').argParser(
      (value) => parseOption('trial', trial, value),
    ),
    new Flag('-f, --force', 'overwrite an existing movie'),
    maxMemoryFlag(),
    new Flag('--json', 'print one JSON object about the result'),
    new Flag('--plan', 'say what would be done, and stop'),
    new Flag('-q, --quiet', 'say nothing but errors'),
    progressFlag(),
    threadsFlag(),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(heading('output')));
}

/** The flags of commands that write sheets of pictures, under the heading of the output. */
export function addSheetFlags(command: Command): void {
  const flags = [
    new Flag('-f, --force', 'overwrite existing files'),
    new Flag('--no-metadata', 'write no recipes into the files'),
    new Flag('--json', 'print one JSON object about the result'),
    new Flag('-q, --quiet', 'say nothing but errors'),
    progressFlag(),
    threadsFlag(),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(heading('output')));
}

/** What {@link addSheetFlags} adds, as far as it was given. */
export interface SheetFlags {
  readonly threads?: number;
  readonly force?: boolean;
  readonly metadata: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly progress: 'auto' | 'json' | 'none';
}
