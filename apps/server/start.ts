/** The door of the server: what the command line starts. */
import { type ListenOptions, startServer, startWorker } from './server.js';
import { type GivenSettings, type Settings, settingsOf } from './settings.js';

export type { GivenSettings, ListenOptions };

/** The port where none is asked for. */
export const usualPort = 7878;

/** Runs a server until it is asked to end (SIGTERM, or Ctrl-C); a second time ends it at once. */
export async function serve(given: GivenSettings, listen: ListenOptions, say: (text: string) => void): Promise<void> {
  const settings = settingsOf(given);
  const ending = endOfProcess(say);
  const server = await startServer(settings, listen, say);
  say(
    `Listening on ${server.url}, with ${placeOf(settings)}. The studio is there; the API is on ${server.url}/api/docs`,
  );
  await ending;
  await server.stop();
}

/** Runs a worker until it is asked to end. */
export async function work(given: GivenSettings, say: (text: string) => void): Promise<void> {
  const settings = settingsOf(given);
  const ending = endOfProcess(say);
  const worker = await startWorker(settings, say);
  say(`Working, ${settings.jobs === 1 ? 'one job' : `${settings.jobs} jobs`} at a time, with ${placeOf(settings)}.`);
  await ending;
  await worker.stop();
}

function placeOf({ databaseUrl, dataFolder, storage }: Settings): string {
  const database = databaseUrl === undefined ? 'the embedded database' : 'PostgreSQL';
  return `${database} and its files in ${storage ?? dataFolder}`;
}

/** Waits for the first request to end. */
function endOfProcess(say: (text: string) => void): Promise<void> {
  return new Promise((resolve) => {
    let asked = false;
    const handle = (): void => {
      if (asked) process.exit(130);
      asked = true;
      say('Finishing the steps in progress. Once more ends at once; nothing is lost then either.');
      resolve();
    };
    process.on('SIGINT', handle);
    process.on('SIGTERM', handle);
  });
}
