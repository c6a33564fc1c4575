import {
  type DreamOptions,
  defaultPreset,
  dreamOptions,
  dreamOptionsOf,
  parseOption,
  presets,
} from '../../../../src/index.js';

/** The name of a preset. */
export type PresetName = keyof typeof presets;

/** The name of an option. */
export type OptionName = keyof DreamOptions;

/** A value of any option. */
export type OptionValue = string | number | boolean | null;

/** What the visitor has chosen: a look, and what is otherwise than in it. */
export interface Settings {
  readonly preset: PresetName;
  readonly changed: Readonly<Partial<Record<OptionName, OptionValue>>>;
}

/** All presets, in the order in which they are offered. */
export const presetNames = Object.keys(presets) as readonly PresetName[];

/** What the page begins with: a picture that a browser makes while one waits. */
export const firstSettings: Settings = { preset: defaultPreset as PresetName, changed: { size: 512 } };

/** Every option with its value. */
export function optionsOf({ preset, changed }: Settings): DreamOptions {
  return dreamOptionsOf({ preset, ...changed });
}

/** The values of a look by itself. */
export function lookOptions(preset: PresetName): DreamOptions {
  return dreamOptionsOf({ preset });
}

/** Settings with one option changed; an option that is as the look has it counts as not changed. */
export function withOption(settings: Settings, name: OptionName, value: OptionValue): Settings {
  const parsed = parseOption(name, dreamOptions[name], value);
  const { [name]: _, ...others } = settings.changed;
  const same = lookOptions(settings.preset)[name] === parsed;
  return { ...settings, changed: same ? others : { ...others, [name]: parsed } };
}

/** Settings with an option as its look has it. */
export function withoutOption(settings: Settings, name: OptionName): Settings {
  const { [name]: _, ...others } = settings.changed;
  return { ...settings, changed: others };
}

/** Objectives that go by guides. */
export const guidedObjectives: readonly OptionValue[] = ['best-match', 'channel-match', 'product', 'inversion'];

/** Settings with another look. The size stays, and so does going by guides: they are about pictures, not about looks. */
export function withPreset({ changed }: Settings, preset: PresetName): Settings {
  const { size, objective } = changed;
  const guided = objective !== undefined && guidedObjectives.includes(objective);
  return { preset, changed: { ...(size !== undefined && { size }), ...(guided && { objective }) } };
}

/** The settings that give these options with the fewest changes to a look. */
export function settingsOf(options: DreamOptions): Settings {
  const candidates = presetNames.map((preset): Settings => {
    const look = lookOptions(preset);
    const names = (Object.keys(options) as OptionName[]).filter((name) => options[name] !== look[name]);
    return { preset, changed: Object.fromEntries(names.map((name) => [name, options[name]])) };
  });
  const count = ({ changed }: Settings) => Object.keys(changed).length;
  return candidates.reduce((best, each) => (count(each) < count(best) ? each : best));
}
