import { dreamOptions, flagOf, type Option, type OptionTable, outputOptions, presets } from '../src/index.js';

/** The reference page of all options and presets, as Markdown. */
export function optionsPage(): string {
  return `${[
    '# Options',
    'Made from the options tables by `npm run docs`; do not edit. A value that is not given comes from the preset, and',
    'what the preset does not say from the default below.',
    '',
    ...groups({ ...dreamOptions, ...outputOptions }),
    '## Presets',
    '',
    ...Object.entries(presets).flatMap(([name, { title, source, options }]) => [
      `### ${name}`,
      '',
      `${title}. Source: ${source}.`,
      '',
      ...Object.entries(options).map(([option, value]) => `- \`${flagOf(option)}\` ${value}`),
      '',
    ]),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function groups(table: OptionTable): string[] {
  const names = [...new Set(Object.values(table).map(({ group }) => group))];
  return names.flatMap((group) => [
    `## ${group[0]!.toUpperCase()}${group.slice(1)}`,
    '',
    '| option | values | default | what it does |',
    '|---|---|---|---|',
    ...Object.entries(table)
      .filter(([, option]) => option.group === group)
      .map(
        ([name, option]) =>
          `| \`${flagOf(name)}\` | ${values(option)} | ${option.default ?? 'open'} | ${option.help} |`,
      ),
    '',
  ]);
}

function values(option: Option): string {
  switch (option.kind) {
    case 'integer':
      return `${option.min} to ${option.max}${option.unit ? ` ${option.unit}` : ''}`;
    case 'number':
    case 'optional':
      return `${option.min} to ${option.max}`;
    case 'choice':
      return option.choices.join(', ');
    case 'flag':
      return 'on, off';
    case 'text':
      return 'text';
  }
}
