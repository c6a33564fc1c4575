import { type DreamOptions, defaultPreset, dreamOptions, flagOf } from '../../../../src/index.js';
import { lookOptions, type OptionName, optionsOf, type PresetName, type Settings } from './settings.js';

/** Names of the files that a dream goes by besides its photo. */
export interface Beside {
  /** Default: none. */
  readonly guides?: readonly string[];
  /** Default: none. */
  readonly mask?: string | undefined;
}

/** The command that makes the same dream in a terminal. */
export function commandOf(given: Settings, photo: string, seed: number | null, { guides, mask }: Beside = {}): string {
  const settings = sayable(given);
  const words = ['pareidolia', 'dream', quoted(photo), '--preset', settings.preset];
  for (const [name, value] of changesOf(settings, seed)) {
    if (typeof value === 'boolean') words.push(value ? flagOf(name) : flagOf(name).replace('--', '--no-'));
    else words.push(flagOf(name), quoted(String(value)));
  }
  for (const guide of guides ?? []) words.push('--guide', quoted(guide));
  if (mask !== undefined) words.push('--mask', quoted(mask));
  return words.join(' ');
}

/** A program that makes the same dream with the library. */
export function programOf(
  settings: Settings,
  photo: string,
  seed: number | null,
  { guides = [], mask }: Beside = {},
): string {
  const options = Object.fromEntries(changesOf(settings, seed));
  const given = JSON.stringify({ preset: settings.preset, ...options }, null, 2);
  const guided = guides.length > 0;
  const read = (file: string) => `(await readPictureFile(${JSON.stringify(file)})).picture`;
  const materials = [
    ...(guided ? [`const guides = [${guides.map(read).join(', ')}];\n`] : []),
    ...(mask === undefined ? [] : [`const mask = ${read(mask)};\n`]),
  ];
  const running = ['platform', ...(guided ? ['guides'] : []), ...(mask === undefined ? [] : ['mask'])];
  return `import {
  createNodePlatform,
  dream,
  dreamOptionsOf,
  encodePicture,
  loadNetwork,
  planDream,
  readPictureFile,
  writeWhole,
} from 'pareidolia/node';

const platform = await createNodePlatform();
const network = await loadNetwork();
const { picture } = await readPictureFile(${JSON.stringify(photo)});
const options = dreamOptionsOf(${given});
${materials.join('')}const plan = planDream(network, picture, options${guided ? ', { guides }' : ''});

for await (const event of dream(plan, picture, { ${running.join(', ')} })) {
  if (event.type === 'step') console.log(\`\${Math.round(event.progress01 * 100)} %\`);
  if (event.type === 'finished') await writeWhole('dream.png', await encodePicture(event.picture, { format: 'png' }));
}
await platform.close();
`;
}

/** Where requests go, and whether they must show a token. */
export interface Address {
  /** Such as `http://127.0.0.1:7878`. */
  readonly server: string;
  readonly token: boolean;
}

/** Lines for a shell that have a server make the same dream, with curl. */
export function requestsOf(
  settings: Settings,
  photo: string,
  seed: number | null,
  { server, token }: Address,
  { guides = [], mask }: Beside = {},
): string {
  const recipe = { kind: 'dream', preset: settings.preset, options: Object.fromEntries(changesOf(settings, seed)) };
  const named = (file: string, variable: string) =>
    `{"sha256":"'"$${variable}"'","name":${singleQuoted(JSON.stringify(file))}}`;
  const guided = guides.map((guide, i) => named(guide, `guide${i + 1}`)).join(',');
  const masked = mask === undefined ? '' : `,"mask":${named(mask, 'mask')}`;
  const files = `"input":${named(photo, 'picture')}${guided && `,"guides":[${guided}]`}${masked}`;
  const body = `{"recipe":${singleQuoted(JSON.stringify(recipe).slice(0, -1))},${files}}}`;
  const shown = token ? ' -H "Authorization: Bearer $PAREIDOLIA_TOKEN"' : '';
  const upload = ([variable, file]: readonly string[]) =>
    `${variable}=$(curl -sf${shown} -T ${quoted(file!)} "$server/api/pictures" | ${field('sha256')})`;
  const uploads = [
    ['picture', photo],
    ...guides.map((guide, i) => [`guide${i + 1}`, guide]),
    ...(mask === undefined ? [] : [['mask', mask]]),
  ];
  return `server=${server}
${uploads.map(upload).join('\n')}
job=$(curl -sf${shown} -H 'Content-Type: application/json' -d '${body}' "$server/api/jobs" | ${field('id')})
curl -sfN${shown} "$server/api/jobs/$job/events" | grep '^data'
curl -sf${shown} -o dream.png "$server/api/jobs/$job/results/dream.png"
`;
}

/** Takes the first field of a name out of JSON, with what every system has. */
function field(name: string): string {
  return `grep -o '"${name}":"[0-9a-f]*' | head -n 1 | cut -d '"' -f 4`;
}

/** A text as it stands between single quotes. */
function singleQuoted(text: string): string {
  return text.replaceAll("'", `'\\''`);
}

/** The same settings on a look that commands can change: nothing turns off again what a look turns on. */
function sayable(settings: Settings): Settings {
  const names = Object.keys(settings.changed) as OptionName[];
  const putsBack = (name: OptionName) => dreamOptions[name].default === false && settings.changed[name] === false;
  if (!names.some(putsBack)) return settings;
  return { preset: defaultPreset as PresetName, changed: optionsOf(settings) };
}

/** What differs from the look, the seed among it. */
function changesOf({ preset, changed }: Settings, seed: number | null): [string, DreamOptions[OptionName]][] {
  const look = lookOptions(preset);
  const all = { ...changed, ...(seed !== null && { seed }) };
  return (Object.keys(dreamOptions) as OptionName[]).flatMap((name) => {
    const value = all[name];
    return value === undefined || value === look[name] ? [] : [[name, value as DreamOptions[OptionName]]];
  });
}

/** A word as shells read it: plain where it can be, else in single quotes. */
function quoted(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) && !word.startsWith('-') ? word : `'${singleQuoted(word)}'`;
}
