/** What a newcomer sees. */
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { exitCodes } from '../../apps/cli/exit-codes.js';
import { createProgram } from '../../apps/cli/program.js';
import { dreamOptions, flagOf, outputOptions, presets, version } from '../../src/index.js';
import { photo, writePhoto } from './photos.js';
import { isInstalled } from './programs.js';
import { newFolder, quick, runCli } from './run-cli.js';

let cwd: string;
beforeAll(async () => {
  cwd = await newFolder();
  await writePhoto(join(cwd, 'photo.jpg'));
});

/** script(1) runs its command on a terminal of its own, and copies what that shows. */
const onTerminal = ['sh', '-c', 'exec script -qec "$(printf "\'%s\' " "$@")" /dev/null', 'sh'];
const hasScript = isInstalled('script');
const withoutScript = "needs Debian's bsdutils";

const program = await createProgram();
const commands = program.commands.map((command) => command.name());

describe('--help', () => {
  test.each([[[]], ...commands.map((command) => [[command]])])('of %j has examples', async (command) => {
    const { code, stdout, stderr } = await runCli([...command, '--help'], { cwd });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^Usage: pareidolia /);
    expect(stdout).toContain('\nExamples:\n  pareidolia ');
    expect(await runCli([...command, '-h'], { cwd })).toMatchObject({ code: 0, stdout });
  });

  test('lists commands as they are, without loading them', async () => {
    const { stdout } = await runCli(['--help'], { cwd });
    expect(stdout).toBe((await createProgram()).helpInformation() + stdout.slice(stdout.indexOf('\nExamples:')));
  });

  test('names every command, and the exit codes', async () => {
    const { stdout } = await runCli(['--help'], { cwd });
    for (const command of commands) expect(stdout).toMatch(new RegExp(`\n {2}${command} `));
    for (const code of Object.values(exitCodes)) expect(stdout).toMatch(new RegExp(`[ \n]${code} \\w`));
  });

  test('of dream names every option of the tables and every preset', async () => {
    const { stdout } = await runCli(['dream', '--help'], { cwd });
    for (const [name, option] of Object.entries({ ...dreamOptions, ...outputOptions })) {
      const off = option.kind === 'flag' && option.default;
      expect(stdout).toMatch(new RegExp(`\n {2}${off ? flagOf(name).replace('--', '--no-') : flagOf(name)}[ \n]`));
    }
    for (const name of Object.keys(presets)) expect(stdout).toMatch(new RegExp(`\n {2}${name} `));
    for (const flag of ['--output', '--preset', '--model', '--force', '--json', '--plan', '--no-metadata']) {
      expect(stdout).toContain(flag);
    }
  });

  test('comes at once, and help COMMAND is the same', async () => {
    const { seconds, stdout } = await runCli(['dream', '--help'], { cwd });
    expect(seconds).toBeLessThan(5);
    expect(await runCli(['help', 'dream'], { cwd })).toMatchObject({ code: 0, stdout });
  });

  test('is what pareidolia alone shows, on standard error and with exit code 2', async () => {
    const { code, stdout, stderr } = await runCli([], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('pareidolia dream photo.jpg');
  });
});

test('--version prints the version', async () => {
  for (const flag of ['--version', '-V']) {
    expect(await runCli([flag], { cwd })).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  }
});

describe('colours', () => {
  const csi = '\u001b[';

  test('are asked for with FORCE_COLOR and refused with NO_COLOR, which counts more', async () => {
    const plain = await runCli(['layers'], { cwd });
    const coloured = await runCli(['layers'], { cwd, env: { FORCE_COLOR: '1' } });
    const refused = await runCli(['layers'], { cwd, env: { FORCE_COLOR: '1', NO_COLOR: '1' } });
    expect(plain.stdout).not.toContain(csi);
    expect(coloured.stdout).toContain(csi);
    expect(refused.stdout).toBe(plain.stdout);
  });

  test('are not on a terminal with NO_COLOR; the bar is, and the cursor comes back', async (context) => {
    if (!hasScript) context.skip(withoutScript);
    const shownWith = async (env: Record<string, string>): Promise<string> => {
      const args = ['dream', 'photo.jpg', ...quick, '--octaves', '2', '--steps', '3', '--force'];
      const { code, stdout } = await runCli(args, { cwd, under: onTerminal, env: { TERM: 'xterm-256color', ...env } });
      expect(code).toBe(0);
      return stdout;
    };
    const coloured = await shownWith({ COLORTERM: 'truecolor' });
    expect(coloured).toContain(`${csi}38;2;`);
    const plain = await shownWith({ NO_COLOR: '1', COLORTERM: 'truecolor' });
    for (const shown of [coloured, plain]) {
      // Not every step is drawn.
      expect(/octave [12]\/2/.test(shown)).toBe(true);
      expect(shown).toContain('Dreamed photo.jpg into photo-dream.png');
      expect(shown.lastIndexOf(`${csi}?25h`)).toBeGreaterThan(shown.lastIndexOf(`${csi}?25l`));
    }
    expect(new RegExp(`${csi.replace('[', '\\[')}[\\d;]*m`).test(plain)).toBe(false);
  });
});

test('a picture is neither typed into a terminal nor written to one', async (context) => {
  if (!hasScript) context.skip(withoutScript);
  const { code, stdout } = await runCli(['dream', '-'], { cwd, under: onTerminal });
  expect(code).toBe(2);
  expect(stdout).toContain(
    '-: expected a picture on standard input, got a terminal. Pipe one into it, or name a file.',
  );
  const out = await runCli(['dream', 'photo.jpg', '-o', '-'], { cwd, under: onTerminal });
  expect(out.code).toBe(2);
  expect(out.stdout).toContain('-o -: expected a pipe or a file behind it, got a terminal. Name a file.');
});

test('a photo of one pixel says what to do, and so does everything else that a newcomer gets wrong', async () => {
  await photo(1, 1).toFile(join(cwd, 'dot.png'));
  const { stderr } = await runCli(['dream', 'dot.png'], { cwd });
  expect(stderr).toMatch(/Use a larger picture or an earlier layer\.\n$/);
});
