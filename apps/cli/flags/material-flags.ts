import type { Command } from 'commander';

/** Gives a command the flags of files that a dream goes by besides its picture. */
export function addMaterialFlags(command: Command): void {
  const collect = (path: string, paths: string[] = []): string[] => [...paths, path];
  command
    .option('--mask <file>', 'a grey picture: it dreams where that is white and stays where it is black')
    .option('--guide <file>', 'a picture to go by, see --objective; may be given several times', collect)
    .option('--direction <file>', 'a vector over the channels (.npy), for --objective direction')
    .option('--match-to <file>', 'a picture whose tones the result takes, see --match');
}
