import { existsSync } from 'node:fs';
import type { Command } from 'commander';

/**
 * One sentence and its remedy for what commander says about a command line it cannot read, such as
 * `error: unknown option '--stepz'\n(Did you mean --steps?)`.
 */
export function describeUsageError(text: string, command: Command): string {
  const [, fact = text, suggestion] = /^(?:error: )?(.*?)\.?(?:\s*\((Did you mean [^)]*)\))?\s*$/s.exec(text) ?? [];
  return `${fact}. ${suggestion ?? remedyFor(fact, command)}`;
}

function remedyFor(fact: string, command: Command): string {
  const name = /^unknown command '(.*)'$/s.exec(fact)?.[1];
  if (name !== undefined && existsSync(name)) return `To dream on a picture: pareidolia dream ${name}`;
  const path = pathOf(command);
  return `\`${path} --help\` shows how it is used.`;
}

/** A command's name with those that it stands under. */
function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
