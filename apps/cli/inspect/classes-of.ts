import {
  type ClassScore,
  ModelError,
  type Network,
  type NodePlatform,
  type RasterPicture,
  topClasses,
} from '../../../src/platform/node/index.js';
import { memoryLimit } from './look-tools.js';

/** How many classes are shown. */
export const shownClasses = 5;

/**
 * The classes that a network most likely takes a picture for.
 *
 * @throws ModelError when it has no classifier
 */
export async function classesOf(
  network: Network,
  picture: RasterPicture,
  platform: NodePlatform,
): Promise<ClassScore[]> {
  const classes = await topClasses(network, picture, shownClasses, platform, { memoryBytes: memoryLimit() });
  if (classes) return classes;
  throw new ModelError(
    'model/unsupported',
    `--classes: ${network.name} has no classifier, expected an output of shape [1, K]. Use another network, or leave it out.`,
  );
}
