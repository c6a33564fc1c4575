import { join } from 'node:path';
import {
  addModel,
  cacheFolder,
  findModel,
  type KnownModel,
  listModels,
  loadNetwork,
  type Preprocessing,
  pullModel,
  removeModel,
  unknownModel,
  verifyModels,
} from '../../../src/platform/node/index.js';
import type { ModelsFlags } from '../commands/models.js';
import { exitCodes } from '../exit-codes.js';
import { onInterrupt } from '../interrupt.js';
import { preprocessingText } from '../report/describe-preprocessing.js';
import { say } from '../report/report.js';
import { colourFor } from '../terminal/colour.js';
import { createDownloadView, sizeText } from '../terminal/download-progress.js';

/** Lists the networks that have names. */
export async function listAll({ json }: ModelsFlags): Promise<void> {
  const models = (await listModels()).sort((a, b) => a.name.localeCompare(b.name, 'en'));
  if (json) return print(models.map(factsOf));
  const colour = colourFor(process.env, process.stdout);
  const rows = models.map((model) => [
    model.name,
    sizeText(model.entry?.sizeBytes ?? model.record?.sizeBytes ?? 0),
    stateText(model),
    model.entry?.title ?? 'added by hand',
  ]);
  const [header, ...lines] = table([['NAME', 'SIZE', 'STATE', 'WHAT'], ...rows]);
  const text = [
    'built-in: InceptionV3, mixed0 to mixed7; it needs no fetching.',
    '',
    colour.bold(colour.cyan(header!)),
    ...lines,
    '',
    colour.dim(`Networks are kept in ${join(cacheFolder(), 'models')}.`),
  ];
  process.stdout.write(`${text.join('\n')}\n`);
}

/** Shows everything that is known of one network. */
export async function showOne(name: string, { json }: ModelsFlags): Promise<void> {
  const model = await findModel(name);
  if (!model) throw await unknownModel(name);
  if (json) return print(factsOf(model));
  const { entry, record, folder } = model;
  const preprocessing = await preprocessingOf(model);
  const facts: [string, string | undefined][] = [
    ['what', entry?.title ?? 'added by hand'],
    ['state', stateText(model)],
    ['file', model.state === 'here' ? join(folder, record!.file) : entry?.file],
    ['size', sizeText(entry?.sizeBytes ?? record?.sizeBytes ?? 0)],
    ['SHA-256', entry?.sha256 ?? record?.sha256],
    ['MD5', entry?.sha256 ? undefined : entry?.md5],
    ['licence', entry?.licence],
    ['origin', entry?.origin],
    ['takes', preprocessing && preprocessingText(preprocessing)],
    ['says who', entry?.preprocessingOrigin],
    ['layers', entry?.layers?.join(', ')],
    ...(entry?.addresses ?? []).map((address, i): [string, string] => [i === 0 ? 'from' : 'or', address]),
  ];
  const lines = facts.flatMap(([label, text]) => (text === undefined ? [] : [`  ${label.padEnd(9)} ${text}`]));
  const next =
    model.state === 'here'
      ? `To dream with it: pareidolia dream photo.jpg --model ${name}`
      : `To fetch it: pareidolia models pull ${name}`;
  process.stdout.write(`${name}\n${lines.join('\n')}\n\n${next}\n`);
}

/** What the catalogue says, or what the file itself does when it is here. */
async function preprocessingOf({ name, entry, state }: KnownModel): Promise<Preprocessing | undefined> {
  if (entry?.preprocessing) return entry.preprocessing;
  return state === 'here' ? (await loadNetwork(name)).preprocessing : undefined;
}

/**
 * Fetches a network.
 *
 * @returns the exit code
 */
export async function pull(name: string, flags: ModelsFlags): Promise<number> {
  const { quiet = false, json = false, mirror, offline } = flags;
  const view = createDownloadView(name, process.stderr, process.env, quiet);
  const interrupt = onInterrupt(
    () => view.end(),
    () => view.end(),
  );
  try {
    const { path, wasHere } = await pullModel(name, {
      mirror,
      offline,
      signal: interrupt.stop,
      onEvent: (event) => view.handle(event),
    });
    view.end();
    if (json) print({ name, path, wasHere });
    else if (!quiet)
      say(wasHere ? `${name} is here already: ${path}` : `${name} is here, and its digest is right: ${path}`);
    if (!json && !quiet) say(`To dream with it: pareidolia dream photo.jpg --model ${name}`);
    return exitCodes.ok;
  } catch (error) {
    if (!interrupt.stop.aborted) throw error;
    say(`Stopped. What has come is kept; to go on: pareidolia models pull ${name}`);
    return exitCodes.interrupted;
  } finally {
    view.end();
    interrupt.release();
  }
}

/** Copies a network into the cache. */
export async function add(file: string, { name, card, json, quiet }: ModelsFlags): Promise<void> {
  const model = await addModel(file, { name, card });
  if (json) return print(factsOf(model));
  if (quiet) return;
  const network = await loadNetwork(model.name);
  const taken = preprocessingText(network.preprocessing);
  say(`${file} is kept as ${model.name}. It takes ${taken}${network.preprocessingKnown ? '' : ' (assumed)'}.`);
  say(`To dream with it: pareidolia dream photo.jpg --model ${model.name}`);
}

/** Removes a network from the cache. */
export async function remove(name: string, { quiet }: ModelsFlags): Promise<void> {
  const bytes = await removeModel(name);
  if (!quiet) say(`${name} is gone; ${sizeText(bytes)} are free again.`);
}

/**
 * Checks the files of the cache.
 *
 * @returns the exit code
 */
export async function verify(name: string | undefined, { json }: ModelsFlags): Promise<number> {
  const results = await verifyModels(name);
  if (json) print(results);
  else {
    const rows = results.map((each) => [each.name, each.result]);
    const lines = rows.length > 0 ? table(rows) : ['No networks are here.'];
    process.stdout.write(`${lines.join('\n')}\n`);
  }
  const damaged = results.filter(({ result }) => result === 'damaged');
  for (const each of damaged) say(`${each.name} is damaged. Remove it: pareidolia models rm ${each.name}`);
  return damaged.length > 0 ? exitCodes.model : exitCodes.ok;
}

function factsOf({ name, entry, record, state, partBytes, folder }: KnownModel): object {
  const { addresses, title, licence, origin, preprocessing, preprocessingOrigin, layers, md5 } = entry ?? {};
  return {
    name,
    state,
    sizeBytes: entry?.sizeBytes ?? record?.sizeBytes,
    sha256: entry?.sha256 ?? record?.sha256,
    md5,
    ...(state === 'here' && { path: join(folder, record!.file) }),
    ...(state === 'partly here' && { partBytes }),
    title,
    licence,
    origin,
    preprocessing,
    preprocessingOrigin,
    layers,
    addresses,
  };
}

function stateText({ state, partBytes, entry }: KnownModel): string {
  if (state !== 'partly here' || !entry) return state === 'not here' ? '–' : state;
  return `${Math.floor((partBytes / entry.sizeBytes) * 100)} % here`;
}

function table(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}
