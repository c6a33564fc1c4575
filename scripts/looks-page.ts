import { type Preset, presets } from '../src/index.js';

/** A dream on the page of looks: a caption, and the arguments that made it. */
export interface Look {
  /** The picture's file name, without folder and extension. */
  readonly name: string;
  /** What is to be seen. */
  readonly caption: string;
  /** Arguments of `pareidolia dream` after the photo. */
  readonly args: readonly string[];
}

/** The photo that all of them dream on. */
export const photo = 'examples/castle.jpg';

/** Every preset. */
export const presetLooks: readonly Look[] = Object.entries<Preset>(presets).map(([name, { title }]) => ({
  name,
  caption: title,
  args: ['--preset', name],
}));

/** What options do that no preset uses. */
export const otherLooks: readonly Look[] = [
  {
    name: 'guided',
    caption:
      'A guide: every place takes after what matches it best in another picture, here in these flowers: ![flowers](pictures/looks/guide.svg)',
    args: ['--layers', 'mixed4', '--guide', 'docs/pictures/looks/guide.svg'],
  },
  {
    name: 'masked',
    caption: 'A mask: all but the castle dreams, with a soft edge',
    args: ['--mask', 'docs/pictures/looks/mask.svg', '--mask-feather', '12', '--layers', 'mixed4'],
  },
  {
    name: 'caricature',
    caption: 'A caricature: what the picture already excites grows stronger',
    args: ['--layers', 'mixed4', '--objective', 'caricature'],
  },
  {
    name: 'strongest',
    caption: 'The five channels of mixed5 that this picture excites most, and nothing else',
    args: ['--layers', 'mixed5[strongest 5]'],
  },
  {
    name: 'fourier',
    caption: 'Climbing in frequencies and decorrelated colours: broad forms come first',
    args: [
      '--layers',
      'mixed5',
      '--space',
      'fourier',
      '--colour',
      'decorrelated',
      '--step-size',
      '0.01',
      '--match',
      'histogram',
    ],
  },
  {
    name: 'keep-colour',
    caption: 'The classic look with the colours of the photo',
    args: ['--keep-colour'],
  },
];

/** Where a look's picture is, from the root of the repository. */
export function pictureOf({ name }: Look): string {
  return `docs/pictures/looks/${name}.jpg`;
}

/** All arguments that make a look's picture. */
export function argumentsOf(look: Look): string[] {
  return ['dream', photo, ...look.args, '--size', '420', '--seed', '7', '--quality', '84', '-o', pictureOf(look)];
}

/** The page that shows all presets, and what else options do, on one photo; Markdown. */
export function looksPage(): string {
  return `${[
    '# Looks',
    '',
    'Every preset, and some of what the options do beyond them, on one photo at 420 pixels with one seed. Made by',
    '`npm run looks`, as is this page; do not edit. Each picture holds its recipe: `pareidolia info` shows it.',
    'What a preset sets, and where its numbers come from, stands in [options.md](options.md#presets).',
    '',
    '![The photo](pictures/looks/photo.jpg)',
    '',
    '## Presets',
    '',
    ...table(presetLooks),
    '## Beyond presets',
    '',
    ...table(otherLooks),
  ]
    .join('\n')
    .trimEnd()}\n`;
}

function table(looks: readonly Look[]): string[] {
  const rows: Look[][] = [];
  for (let i = 0; i < looks.length; i += 2) rows.push(looks.slice(i, i + 2));
  return ['| | |', '|---|---|', ...rows.map((row) => `| ${row.map(cell).join(' | ')} |`), ''];
}

function cell(look: Look): string {
  const command = look.args.length > 0 ? `\`${look.args.join(' ')}\`` : '';
  return `![${look.name}](${pictureOf(look).replace('docs/', '')})<br>**${look.name}**: ${look.caption}<br>${command}`;
}
