import type { Command } from 'commander';
import { addServiceFlags, type ServiceFlags, settingsOfFlags } from '../flags/server-flags.js';
import { say } from '../report/report.js';

const notes = `
Environment:
  DATABASE_URL       the PostgreSQL database of the server

Examples:
  pareidolia worker --jobs 2                                on the machine of the server
  pareidolia worker --storage s3://dreams                   on any machine

Servers and workers on several machines need a storage that all of them reach: --storage s3://BUCKET/PREFIX, or a --data
folder that they share.`;

/** Registers `pareidolia worker`. */
export function registerWorker(program: Command): void {
  const command = program
    .command('worker')
    .description('Take jobs from the database of a server and do them. Every worker more adds to what gets done.');
  addServiceFlags(command);
  command.addHelpText('after', notes).action(async (flags: ServiceFlags) => {
    const { work } = await import('../../server/start.js');
    await work(settingsOfFlags(flags), say);
    process.exit();
  });
}
