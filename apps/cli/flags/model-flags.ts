import { type Command, Option as Flag } from 'commander';
import { OptionError, type PreprocessingDescription } from '../../../src/index.js';

/** What the command line says about how the network wants its pictures. */
export interface ModelFlags {
  readonly channelOrder?: 'RGB' | 'BGR';
  readonly valueRange?: readonly [number, number];
  readonly mean?: readonly [number, number, number];
  readonly std?: readonly [number, number, number];
}

const heading = 'Network:';

/** Adds `--model` and the flags that say how a network wants its pictures. */
export function addModelFlags(command: Command): Command {
  const flags = [
    new Flag(
      '--model <network>',
      'an ONNX file, or a name that `pareidolia models ls` lists (default: the built-in InceptionV3, mixed0 to mixed7)',
    ),
    new Flag('--channel-order <order>', 'the colour that the network takes first: RGB or BGR').argParser(orderOf),
    new Flag(
      '--value-range <low..high>',
      'what black and white are before the mean is subtracted, such as 0..255 (default: 0..1)',
    ).argParser((text) => rangeOf(text)),
    new Flag(
      '--mean <a,b,c>',
      'subtracted from the channels, in their order and in units of the range (default: 0)',
    ).argParser((text) => tripleOf('--mean', text)),
    new Flag('--std <a,b,c>', 'divides the channels afterwards, in the same units (default: 1)').argParser((text) => {
      const std = tripleOf('--std', text);
      if (std.includes(0)) throw invalid('--std', 'numbers other than 0', text);
      return std;
    }),
  ];
  for (const flag of flags) command.addOption(flag.helpGroup(heading));
  return command;
}

/** The flags as the library takes them. */
export function preprocessingOf({ channelOrder, valueRange, mean, std }: ModelFlags): PreprocessingDescription {
  return { channelOrder, valueRange, mean, std };
}

function orderOf(text: string): 'RGB' | 'BGR' {
  const order = text.toUpperCase();
  if (order !== 'RGB' && order !== 'BGR') throw invalid('--channel-order', 'RGB or BGR', text);
  return order;
}

function rangeOf(text: string): [number, number] {
  const [low, high, ...more] = text.split('..').map(numberOf);
  if (low === undefined || high === undefined || more.length > 0 || !isColour(low) || !isColour(high) || low === high) {
    throw invalid('--value-range', 'two different numbers such as 0..255 or -1..1', text);
  }
  return [low, high];
}

function tripleOf(flag: string, text: string): [number, number, number] {
  const numbers = text.split(',').map(numberOf);
  if (numbers.length !== 3 || !numbers.every(isColour)) {
    throw invalid(flag, 'three numbers such as 0.485,0.456,0.406', text);
  }
  return numbers as [number, number, number];
}

function numberOf(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text);
}

function isColour(value: number): boolean {
  return Math.abs(value) <= 10_000;
}

function invalid(flag: string, expected: string, text: string): OptionError {
  const shown = text.slice(0, 100).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '\ufffd');
  return new OptionError('option/invalid', `${flag}: expected ${expected}, got "${shown}".`);
}
