#!/usr/bin/env node
import { CommanderError } from 'commander';
import { describeError, exitCodeOf, exitCodes } from './exit-codes.js';
import { createProgram } from './program.js';
import { guardStandardStreams } from './standard-streams.js';

guardStandardStreams();
try {
  await (await createProgram(process.argv.slice(2))).parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    // What is wrong has been said; asking for help or the version is not an error.
    process.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  } else {
    process.stderr.write(`pareidolia: ${describeError(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
