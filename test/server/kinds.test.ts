/** Every kind of job that the server takes, once, with its parts on two workers. */
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RunningServer, startServer } from '../../apps/server/server.js';
import { settingsOf } from '../../apps/server/settings.js';
import { extractRecipe, readNpy, readPicture } from '../../src/platform/node/index.js';
import { runCli } from '../e2e/run-cli.js';
import { ask, begin, readEvents, smallDream, smallPicture, until, untilDone, upload } from './client.js';
import { writeClip } from './clip.js';
import { newFolder } from './services.js';

let server: RunningServer;
let url: string;
let picture: string;
beforeAll(async () => {
  const listen = { host: '127.0.0.1', port: 0, hosts: [], origins: [] };
  server = await startServer(settingsOf({ dataFolder: await newFolder(), jobs: 2, threads: 1 }), listen, () => {});
  url = server.url;
  picture = await upload(url, await smallPicture(96));
});
afterAll(() => server.stop());

const fetchFile = async (path: string): Promise<Buffer> =>
  Buffer.from(await (await fetch(`${url}${path}`)).arrayBuffer());
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const namesOf = (job: { results: { name: string }[] }): string[] => job.results.map(({ name }) => name);

it('draws a grid from one dream for each cell, and joins them', async () => {
  const dream = smallDream(picture, { steps: 1 });
  const id = await begin(url, { ...dream, kind: 'grid', vary: { steps: [1, 2], stepSize: [0.01] } });
  const job = await untilDone(url, id);
  expect(namesOf(job)).toEqual(['grid.png', 'steps-1-stepSize-0.01.png', 'steps-2-stepSize-0.01.png']);
  const { body } = await ask(`${url}/api/jobs/${id}/parts`);
  expect(body.jobs).toMatchObject([{ kind: 'dream', state: 'done', parent: id }, { state: 'done' }]);
  const recipe = JSON.parse((await extractRecipe(await fetchFile(job.results[2].url)))!);
  expect(recipe).toMatchObject({ kind: 'dream', options: { steps: 2, seed: 7 } });
  // The file of the whole is the file of the part.
  const { body: part } = await ask(`${url}/api/jobs/${body.jobs[1].id}`);
  expect(part.results[0].sha256).toBe(job.results[2].sha256);
  const states = (await readEvents(url, id)).filter(({ type }) => type === 'state').map(({ data }) => data.state);
  expect(states).toEqual(['queued', 'running', 'waiting', 'queued', 'running', 'done']);
});

it('dreams along a direction that the recipe holds, number by number', async () => {
  const direction = Array.from({ length: 256 }, (_, i) => Math.sin(i));
  const job = await untilDone(url, await begin(url, { ...smallDream(picture, { steps: 1 }), direction }));
  const recipe = JSON.parse((await extractRecipe(await fetchFile(job.results[0].url)))!);
  const sha256 = sha256Of(new Uint8Array(Float32Array.from(direction).buffer));
  expect(recipe).toMatchObject({ options: { objective: 'direction' }, direction: { name: 'direction', sha256 } });
  const short = await begin(url, { ...smallDream(picture, { steps: 1 }), direction: [1, 2] });
  const { reason } = await until(url, short, ({ state }) => state === 'failed').catch(
    async () => (await ask(`${url}/api/jobs/${short}`)).body,
  );
  expect(reason.message).toMatch(/expected 256 numbers, one for each channel of the layer, got 2/);
});

it('draws what channels look for, each as a part, and a sheet of them', async () => {
  const id = await begin(url, {
    kind: 'visualize',
    targets: ['mixed0:1,2'],
    size: 64,
    options: { steps: 1, octaves: 1, seed: 1 },
  });
  const job = await untilDone(url, id);
  expect(namesOf(job)).toEqual(['sheet.png', 'mixed0-1.png', 'mixed0-2.png']);
  expect(await readPicture(await fetchFile(job.results[1].url), { name: 'x' })).toMatchObject({
    width: 64,
    height: 64,
  });
});

it('draws an atlas by channels', async () => {
  const recipe = { kind: 'atlas', layer: 'mixed0', channels: '0-16', size: 48, options: { steps: 1, octaves: 1 } };
  const job = await untilDone(url, await begin(url, recipe));
  expect(job.parts).toBe(2);
  expect(namesOf(job).slice(0, 3)).toEqual(['sheet.png', 'atlas.json', 'mixed0-0000.png']);
  const list = JSON.parse((await fetchFile(job.results[1].url)).toString());
  expect(list.channels.map(({ channel }: { channel: number }) => channel)).toEqual([...Array(17).keys()]);
});

it('draws activations, and lists their means', async () => {
  const job = await untilDone(
    url,
    await begin(url, { kind: 'activations', input: picture, layers: 'mixed0', top: 3, cell: 48, npy: true }),
  );
  expect(namesOf(job)).toEqual(['activations.png', 'activations.json', 'activations-mixed0.npy']);
  const { shape } = readNpy(await fetchFile(job.results[2].url), 'mixed0');
  const { layers } = JSON.parse((await fetchFile(job.results[1].url)).toString());
  expect(layers[0].means).toHaveLength(layers[0].shape[0]);
  expect(shape).toEqual(layers[0].shape);
});

it('flies into a picture, by a guide and under a mask too, and goes on after a pause from the frames that are there', async () => {
  const options = { frames: 4, layers: 'mixed0', octaves: 1, steps: 2, seed: 3, size: 64 };
  const id = await begin(url, { kind: 'zoom', input: picture, options, format: 'gif' });
  await until(url, id, ({ progress }) => progress?.done >= 1);
  await ask(`${url}/api/jobs/${id}/pause`, 'POST');
  const paused = await until(url, id, ({ state }) => state === 'paused' || state === 'done');
  if (paused.state === 'paused') await ask(`${url}/api/jobs/${id}/resume`, 'POST');
  const job = await untilDone(url, id);
  const again = await untilDone(url, await begin(url, { kind: 'zoom', input: picture, options, format: 'gif' }));
  expect(job.results[0]).toMatchObject({ name: 'zoom.gif', mediaType: 'image/gif', sha256: again.results[0].sha256 });
  const made = async (more: object) => {
    const recipe = { kind: 'zoom', input: picture, options, format: 'gif', ...more };
    return (await untilDone(url, await begin(url, recipe))).results[0].sha256 as string;
  };
  const guided = await made({ guides: [picture] });
  const masked = await made({ guides: [picture], mask: picture });
  expect(new Set([job.results[0].sha256, guided, masked]).size).toBe(3);
});

describe('a movie', () => {
  const options = { layers: 'mixed0', octaves: 1, steps: 1, seed: 3 };
  let folder: string;
  let clip: Uint8Array<ArrayBuffer>;
  let movie: string;
  beforeAll(async () => {
    folder = await newFolder();
    clip = await writeClip(join(folder, 'clip.avi'));
    const { status, body } = await ask(`${url}/api/movies`, 'PUT', clip, { 'content-type': 'video/x-msvideo' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: { mediaType: 'video/x-msvideo', width: 64, height: 48, fps: 25, seconds: 0.64, sound: true },
    });
    movie = body.sha256;
    expect(new Uint8Array(await fetchFile(`/api/movies/${movie}`))).toEqual(clip);
  });

  it('is dreamed scene by scene, by a guide and a mask, to the bytes that the command line makes of it in one go', async () => {
    const input = { sha256: movie, name: 'clip.avi' };
    await writeFile(join(folder, 'other.png'), await smallPicture(96));
    const other = { sha256: picture, name: 'other.png' };
    const beside = { mask: other, guides: [other], matchTo: other };
    const job = await untilDone(url, await begin(url, { kind: 'video', input, ...beside, options, format: 'avi' }));
    expect(job.parts).toBe(2);
    expect(job.results).toMatchObject([{ name: 'video.avi', mediaType: 'video/x-msvideo' }]);
    const { body } = await ask(`${url}/api/jobs/${job.id}/parts`);
    const { body: second } = await ask(`${url}/api/jobs/${body.jobs[1].id}`);
    expect(namesOf(second)).toEqual(Array.from({ length: 8 }, (_, i) => `${String(i + 9).padStart(5, '0')}.png`));
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, `${value}`]);
    flags.push(...['--mask', '--guide', '--match-to'].flatMap((flag) => [flag, 'other.png']));
    const { code, stderr } = await runCli(['video', 'clip.avi', ...flags, '--threads', '1', '-o', 'dream.avi'], {
      cwd: folder,
    });
    expect([code, stderr]).toEqual([0, expect.anything()]);
    expect(sha256Of(await readFile(join(folder, 'dream.avi')))).toBe(job.results[0].sha256);
  });
});

it('refuses recipes that make no sense, and says what is wrong', async () => {
  const refused = async (recipe: unknown) => {
    const { status, body } = await ask(`${url}/api/jobs`, 'POST', { recipe });
    return `${status} ${body.error.message}`;
  };
  expect(await refused({ kind: 'dream', input: 'x' })).toMatch(/^422 recipe.input.sha256: expected the SHA-256/);
  expect(await refused({ ...smallDream(picture), mode: 1 })).toMatch(/^422 recipe."mode": expected one of the fields/);
  expect(await refused(smallDream(picture, { steps: -1 }))).toMatch(/^422 --steps: expected a whole number/);
  expect(await refused({ ...smallDream(picture), model: '/etc/passwd' })).toMatch(
    /^422 recipe.model.name: expected a network/,
  );
  expect(await refused({ ...smallDream(picture), model: '../x.onnx' })).toMatch(
    /^422 recipe.model.name: expected a network/,
  );
  expect(await refused({ ...smallDream(picture), output: { format: 'exe' } })).toMatch(/^422 recipe.output.format/);
  expect(await refused({ ...smallDream(picture), direction: [1, 'x'] })).toMatch(
    /^422 recipe.direction: expected a list of 1 to 4096 numbers/,
  );
  expect(await refused({ kind: 'video', input: picture, options: { fps: 9 } })).toMatch(/^422 recipe.options.fps/);
  expect(await refused({ kind: 'rm' })).toMatch(/^400 recipe.kind/);
  expect(await refused({ kind: 'grid', input: picture, vary: {} })).toMatch(/^422 recipe.vary: expected one or two/);
  expect(await refused({ kind: 'zoom', input: picture, options: { frames: 'many' } })).toMatch(/^422 --frames/);
});
