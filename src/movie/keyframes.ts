import {
  describe,
  dreamOptions,
  fieldOf,
  mapLayersOfOctaves,
  nearestNames,
  type OptionTable,
  parseOption,
  parseSetting,
  splitOutsideBrackets,
} from '../dream/index.js';
import { OptionError } from '../errors.js';
import { type ZoomOptions, zoomOptions } from './options.js';

/** How a value goes from one keyframe to the next: evenly, slow at its start, at its end or at both, or not at all. */
export const easings = ['linear', 'in', 'out', 'in-out', 'hold'] as const;

/** One of {@link easings}. */
export type Easing = (typeof easings)[number];

/** What the camera and the dream are like at one frame, as far as it says. */
export interface Keyframe {
  /** The frame, counted from 1 as the files of a movie are; 0 is the photo. */
  readonly frame: number;
  /** How the values go on from here. */
  readonly ease: Easing;
  /** Properties of the camera and options of the dream, by name. */
  readonly values: Readonly<Record<string, string | number | boolean | null>>;
}

/** What the camera does in a frame. */
export type CameraMove = Pick<ZoomOptions, 'zoom' | 'rotate' | 'panX' | 'panY'>;

const { zoom, rotate, panX, panY } = zoomOptions;
const { seed: _, size: __, tile: ___, ...dreaming } = dreamOptions;

/** What a keyframe can set: all but what holds for a movie as a whole. */
export const keyable: OptionTable = { zoom, rotate, panX, panY, ...dreaming };

/**
 * Reads the option `camera`: entries with a semicolon between them, each the number of a frame and settings as
 * `name=value`, the name as flag or field, and `ease=NAME` (see {@link easings}) for the way from this keyframe to the
 * next that sets the same. A JSON list of objects says the same: `[{"frame": 60, "zoom": 1.05, "ease": "in-out"}]`.
 *
 * @returns by frame, ascending; none for `none`
 * @throws OptionError `option/invalid` or `option/unknown`, naming the keyframe
 */
export function parseKeyframes(text: string): Keyframe[] {
  if (text === 'none') return [];
  const keyframes = text.trimStart().startsWith('[') ? fromJson(text) : splitOutsideBrackets(text, ';').map(fromEntry);
  if (keyframes.length === 0) throw refused(text, 'keyframes such as "60 zoom=1.05; 120 zoom=1"');
  keyframes.sort((a, b) => a.frame - b.frame);
  const twice = keyframes.find(({ frame }, i) => frame === keyframes[i + 1]?.frame);
  if (twice) throw refused(String(twice.frame), 'each frame once');
  return keyframes;
}

/**
 * The option `camera` with its layers said otherwise.
 *
 * @param text keyframes as {@link parseKeyframes} reads them
 * @param change is given the layers of a keyframe
 */
export async function mapKeyedLayers(text: string, change: (layers: string) => Promise<string>): Promise<string> {
  const keyframes: object[] = [];
  for (const { frame, ease, values } of parseKeyframes(text)) {
    const { layers, perOctave } = values;
    keyframes.push({
      ...{ frame, ease, ...values },
      ...(typeof layers === 'string' && { layers: await change(layers) }),
      ...(typeof perOctave === 'string' && { perOctave: await mapLayersOfOctaves(perOctave, change) }),
    });
  }
  return JSON.stringify(keyframes);
}

function fromEntry(entry: string): Keyframe {
  const [frame = '', ...settings] = splitOutsideBrackets(entry, ' ');
  if (!/^\d+$/.test(frame)) throw refused(entry, 'a keyframe to start with its frame, such as "60 zoom=1.05"');
  const values = settings.map((setting) => {
    const parsed = parseSetting(setting);
    if (!parsed) throw refused(entry, 'settings as name=value, such as zoom=1.05');
    return parsed;
  });
  return checked(Number(frame), Object.fromEntries(values), entry);
}

function fromJson(text: string): Keyframe[] {
  let list: unknown;
  try {
    list = JSON.parse(text);
  } catch {
    throw refused(text, 'a list of keyframes in JSON');
  }
  return (list as unknown[]).map((entry) => {
    const shown = JSON.stringify(entry);
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw refused(shown, 'an object');
    const { frame, ...values } = entry as Record<string, unknown>;
    const named = Object.entries(values).map(([name, value]) => [fieldOf(name), value]);
    return checked(frame, Object.fromEntries(named), shown);
  });
}

function checked(frame: unknown, given: Readonly<Record<string, unknown>>, entry: string): Keyframe {
  const last = zoomOptions.frames.max;
  if (typeof frame !== 'number' || !Number.isInteger(frame) || frame < 0 || frame > last) {
    throw refused(entry, `a frame from 0 to ${last}`);
  }
  const { ease = 'linear', ...rest } = given;
  if (!easings.includes(ease as Easing)) throw refused(entry, `ease to be one of ${easings.join(', ')}`);
  const values: Record<string, string | number | boolean | null> = {};
  for (const [name, value] of Object.entries(rest)) {
    const option = Object.hasOwn(keyable, name) ? keyable[name]! : undefined;
    if (!option) {
      if (Object.hasOwn({ ...zoomOptions, ...dreamOptions }, name)) {
        const message = `--camera: the keyframe ${describe(entry)} sets ${describe(name)}, which holds for the movie as a whole. Set it with its own flag.`;
        throw new OptionError('option/invalid', message);
      }
      const near = nearestNames(name, Object.keys(keyable), 3).join(', ');
      const message = `--camera: the keyframe ${describe(entry)} sets ${describe(name)}, which no keyframe can. Did you mean ${near}?`;
      throw new OptionError('option/unknown', message);
    }
    values[name] = inKeyframe(entry, () => parseOption(name, option, value));
  }
  if (Object.keys(values).length === 0) throw refused(entry, 'a keyframe to set something, such as zoom=1.05');
  return { frame, ease: ease as Easing, values };
}

/** Lets an error say in which keyframe it is. */
function inKeyframe<T>(entry: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof OptionError)) throw error;
    throw new OptionError(error.code, `--camera: in the keyframe ${describe(entry)}, ${error.message}`);
  }
}

function refused(got: string, expected: string): OptionError {
  return new OptionError('option/invalid', `--camera: expected ${expected}, got ${describe(got)}.`);
}
