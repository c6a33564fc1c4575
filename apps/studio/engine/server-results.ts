import { extractRecipe, type NamedFile, parseRecipe, type Size } from '../../../src/platform/web/index.js';
import type { Job, ListedJob, PareidoliaClient } from '../../server/client/client.js';
import { type Made, type MadeMovie, type Photo, Refusal } from './engine.js';

/**
 * The dream that a job has made.
 *
 * @throws Refusal saying why there is none
 */
export async function madeBy(client: PareidoliaClient, id: string): Promise<Made> {
  const job = await client.job(id);
  const [result] = job.results;
  if (job.state !== 'done' || !result) throw refusalOfEnd(job);
  const bytes = (await client.download(result.url)) as Uint8Array<ArrayBuffer>;
  const file = new Blob([bytes], { type: result.mediaType });
  const text = await extractRecipe(bytes, result.name);
  if (text === undefined) throw new Refusal('image/no-recipe', `${result.name}: expected a recipe inside, got none.`);
  const size = await readSize(file);
  return {
    ...{ type: 'made', id, file, size, recipe: parseRecipe(text, result.name) },
    objectiveLast: job.progress?.objective ?? 0,
    elapsedMs: Date.parse(job.finishedAt!) - Date.parse(job.startedAt!),
  };
}

/**
 * The movie that a job has made.
 *
 * @throws Refusal saying why there is none
 */
export async function movieBy(client: PareidoliaClient, id: string): Promise<MadeMovie> {
  const job = await client.job(id);
  const [result] = job.results;
  if (job.state !== 'done' || !result) throw refusalOfEnd(job);
  const bytes = (await client.download(result.url)) as Uint8Array<ArrayBuffer>;
  const file = new Blob([bytes], { type: result.mediaType });
  return { type: 'movie', file, extension: result.name.split('.').at(-1)!, frames: job.progress?.total ?? 0 };
}

async function readSize(file: Blob): Promise<Size> {
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

/** The photo that a job dreams on. */
export function photoOf(client: PareidoliaClient, { recipe }: ListedJob): Promise<Photo> {
  return fetchPhoto(client, inputOf(recipe));
}

/** The photos that a job goes by. */
export async function guidesOf(client: PareidoliaClient, { recipe }: ListedJob): Promise<Photo[]> {
  const { guides = [] } = recipe as { guides?: readonly NamedFile[] };
  const photos: Photo[] = [];
  for (const guide of guides) photos.push(await fetchPhoto(client, guide));
  return photos;
}

async function fetchPhoto(client: PareidoliaClient, { name, sha256 }: NamedFile): Promise<Photo> {
  const bytes = (await client.download(`/api/pictures/${sha256}`)) as Uint8Array<ArrayBuffer>;
  const file = new Blob([bytes]);
  return { file, name, sha256, ...(await readSize(file)) };
}

/** The picture that a job begins with. */
export function inputOf(recipe: ListedJob['recipe']): NamedFile {
  const { input, inputs } = recipe as { input?: NamedFile; inputs?: readonly NamedFile[] };
  return (input ?? inputs?.[0])!;
}

function refusalOfEnd({ state, reason }: Job): Refusal {
  if (state === 'canceled')
    return new Refusal('job/canceled', 'The dream was cancelled on the server. Start it again.');
  if (state === 'quarantined') return new Refusal('job/quarantined', reason?.message ?? '');
  return new Refusal(reason?.code ?? 'bug', reason?.message ?? 'The server made nothing.');
}
