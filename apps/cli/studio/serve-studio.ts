import { OptionError } from '../../../src/platform/node/index.js';
import { type Studio, startStudio } from '../../studio/start.js';
import { openInBrowser } from './open-in-browser.js';

/** What `pareidolia studio` is told. */
export interface ServeStudioOptions {
  readonly port: number;
  readonly host: string;
  /** Whether to open the browser, where somebody is there to see it. */
  readonly open: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

/** Serves the studio until Ctrl-C. */
export async function serveStudio({ port, host, open, json, quiet }: ServeStudioOptions): Promise<void> {
  const studio = await listen(port, host);
  if (json) process.stdout.write(`${JSON.stringify({ url: studio.url })}\n`);
  else if (quiet) process.stdout.write(`${studio.url}\n`);
  else process.stdout.write(`The studio is at ${studio.url}\nCtrl-C ends it.\n`);
  if (open && process.stdout.isTTY) openInBrowser(studio.url);
  await new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  await studio.close();
}

async function listen(port: number, host: string): Promise<Studio> {
  try {
    return await startStudio({ port, host });
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code;
    const remedies: Readonly<Record<string, string>> = {
      EADDRINUSE: `--port: ${port} is taken. Use another, or --port 0 for any that is free.`,
      EACCES: `--port: ${port} may not be used by this user. Use one from 1024 on.`,
      EADDRNOTAVAIL: `--host: this machine has no address ${host}. Use 127.0.0.1, or 0.0.0.0 for all it has.`,
      ENOTFOUND: `--host: there is no address ${host}. Use 127.0.0.1, or 0.0.0.0 for all that this machine has.`,
    };
    const message = remedies[code ?? ''];
    throw message ? new OptionError('option/invalid', message, { cause }) : cause;
  }
}
