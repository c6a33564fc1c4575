import {
  dreamOptions,
  flagOf,
  moviePresets,
  type Option,
  type OptionTable,
  outputOptions,
  type Preset,
  presets,
  videoOptions,
  videoPresets,
  zoomOptions,
} from '../src/index.js';

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
    ...Object.entries(presets).flatMap(([name, preset]) => presetLines(name, preset)),
    '# Zoom movies',
    '`pareidolia zoom` takes the options above, but for those of the output, and these. With keyframes most of them change',
    'from frame to frame (`pareidolia zoom --help`).',
    '',
    ...groups(zoomOptions),
    '## Presets of zoom movies',
    '',
    'Each gives its frames the look of a preset above; those above can be named as well, for the look alone.',
    '',
    ...Object.entries(moviePresets).flatMap(([name, preset]) => presetLines(name, preset, preset.dream)),
    '# Dreamed videos',
    '`pareidolia video` takes the options of dreams, but for those of the output, and these.',
    '',
    ...groups(videoOptions),
    '## Presets of dreamed videos',
    '',
    'Each gives its frames the look of a preset of dreams; those can be named as well, for the look alone.',
    '',
    ...Object.entries(videoPresets).flatMap(([name, preset]) => presetLines(name, preset, preset.dream)),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function presetLines(
  name: string,
  { title, source, options }: Pick<Preset, 'title' | 'source'> & { readonly options: object },
  look?: string,
): string[] {
  return [
    `### ${name}`,
    '',
    `${title}. Source: ${source}.`,
    '',
    ...(look === undefined ? [] : [`- the look of ${look}`]),
    ...Object.entries(options).map(([option, value]) => `- \`${flagOf(option)}\` ${value}`),
    '',
  ];
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
