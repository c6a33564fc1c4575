import type { Command } from 'commander';
import { addServiceFlags, numberFlag, type ServiceFlags, settingsOfFlags } from '../flags/server-flags.js';
import { say } from '../report/report.js';

/** The flags of `pareidolia serve`. */
interface ServeFlags extends ServiceFlags {
  readonly host: string;
  readonly port?: number;
  readonly allowHost: readonly string[];
  readonly allowOrigin: readonly string[];
  readonly maxQueue?: number;
  readonly maxPerClient?: number;
  readonly keepDays?: number;
  readonly keepGigabytes?: number;
}

const collect = (value: string, before: readonly string[]): string[] => [...before, value];

const notes = `
Environment:
  DATABASE_URL       a PostgreSQL database that several servers and workers share (default: one inside the data folder)
  PAREIDOLIA_TOKEN   what clients must show in Authorization: Bearer; needed for other addresses than this machine's own

Examples:
  pareidolia serve                              a server for this machine, on http://127.0.0.1:7878
  curl -T photo.jpg http://127.0.0.1:7878/api/pictures
  pareidolia serve --jobs 0                     one that leaves the work to \`pareidolia worker\``;

/** Registers `pareidolia serve`. */
export function registerServe(program: Command): void {
  const command = program
    .command('serve')
    .description('Run a server: pictures and jobs over HTTP, and nothing that was taken on is lost.')
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .addOption(numberFlag('--port <number>', 'port', 'port to listen on (default: 7878)', 0, 65_535))
    .option('--allow-host <name>', 'another name that the server goes by; may be repeated', collect, [])
    .option('--allow-origin <origin>', 'pages from elsewhere that may use it; may be repeated', collect, [])
    .addOption(numberFlag('--max-queue <number>', 'maxQueue', 'unfinished jobs at a time (default: 1000)', 1, 1e6))
    .addOption(numberFlag('--max-per-client <number>', 'maxPerClient', 'those of one client (default: 100)', 1, 1e6))
    .addOption(numberFlag('--keep-days <number>', 'keepDays', 'how long finished jobs stay (default: 30)', 0, 36_500))
    .addOption(
      numberFlag('--keep-gigabytes <number>', 'keepGigabytes', 'how much room their files take (default: 20)', 0, 1e6),
    );
  addServiceFlags(command);
  command.addHelpText('after', notes).action(async (flags: ServeFlags) => {
    // Imported here, so that other commands do not wait for it.
    const { serve, usualPort } = await import('../../server/start.js');
    const { host, port, allowHost, allowOrigin, maxQueue, maxPerClient, keepDays, keepGigabytes } = flags;
    const settings = {
      ...settingsOfFlags(flags),
      limits: { queue: maxQueue ?? 1000, perClient: maxPerClient ?? 100 },
      retention: { days: keepDays ?? 30, bytes: (keepGigabytes ?? 20) * 2 ** 30 },
    };
    const listen = { host, port: port ?? usualPort, hosts: allowHost, origins: allowOrigin };
    await serve(settings, { ...listen, token: process.env['PAREIDOLIA_TOKEN'] }, say);
    // Worker threads and sockets that are slow to go must not hold up the end.
    process.exit();
  });
}
