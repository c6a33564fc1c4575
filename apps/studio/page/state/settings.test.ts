import { expect, test } from 'vitest';
import { commandOf, programOf, requestsOf } from './copy-text.js';
import { formatMix, parseMix, toggled } from './layer-mix.js';
import { firstSettings, lookOptions, optionsOf, presetNames, settingsOf, withOption, withPreset } from './settings.js';

test('a mix of layers is read and written as the option has it', () => {
  const layers = 'mixed3,mixed5:0.5,mixed4[12, 40-47]:-2,mixed4[12]@8,9:0.25';
  expect(parseMix('mixed3, mixed5:0.5')).toEqual([
    { target: 'mixed3', weight: 1 },
    { target: 'mixed5', weight: 0.5 },
  ]);
  expect(formatMix(parseMix('mixed3,mixed5:0.5,mixed4[12 40-47]:-2'))).toBe('mixed3,mixed5:0.5,mixed4[12 40-47]:-2');
  expect(parseMix(layers)[2]).toEqual({ target: 'mixed4[12, 40-47]', weight: -2 });
  expect(formatMix(toggled(parseMix('mixed3'), 'mixed7'))).toBe('mixed3,mixed7');
  expect(formatMix(toggled(parseMix('mixed3,mixed7'), 'mixed3'))).toBe('mixed7');
  expect(formatMix(toggled(parseMix('mixed3'), 'mixed3'))).toBe('mixed3');
});

test('an option that is put back to what its look has is not changed any more', () => {
  const changed = withOption(firstSettings, 'steps', 33);
  expect(changed.changed).toEqual({ size: 512, steps: 33 });
  expect(withOption(changed, 'steps', lookOptions('classic').steps)).toEqual(firstSettings);
  expect(withPreset(changed, 'keras')).toEqual({ preset: 'keras', changed: { size: 512 } });
  expect(() => withOption(firstSettings, 'steps', -1)).toThrow('--steps');
});

test.each(presetNames)('the options of the look %s lead back to it', (preset) => {
  const settings = withOption(withPreset(firstSettings, preset), 'jitter', 77);
  expect(settingsOf(optionsOf(settings))).toEqual(settings);
});

test('the command says what differs from the look, in words that shells read', () => {
  const settings = withOption(withOption(firstSettings, 'layers', 'mixed4[12 40-47]'), 'detail', false);
  expect(commandOf(settings, "it's.jpg", 7)).toBe(
    `pareidolia dream 'it'\\''s.jpg' --preset classic --layers 'mixed4[12 40-47]' --seed 7 --no-detail --size 512`,
  );
  // Hvass keeps the colours; no flag says not to.
  const coloured = withOption(withPreset(firstSettings, 'hvass'), 'keepColour', false);
  expect(commandOf(coloured, 'a.jpg', null)).toMatch(/--preset classic .*--octaves 5/);
  expect(commandOf(coloured, 'a.jpg', null)).not.toContain('colour');
});

test('a mask is named in the command, the program and the requests', () => {
  expect(commandOf(firstSettings, 'a.jpg', null, { mask: 'my mask.png' })).toMatch(/ --mask 'my mask\.png'$/);
  expect(programOf(firstSettings, 'a.jpg', null, { mask: 'mask.png' })).toContain(
    'dream(plan, picture, { platform, mask })',
  );
  const lines = requestsOf(firstSettings, 'a.jpg', 1, { server: 'http://x', token: false }, { mask: 'mask.png' }).split(
    '\n',
  );
  expect(lines[2]).toMatch(/^mask=\$\(curl -sf -T mask\.png /);
  expect(lines[3]).toContain(`"mask":{"sha256":"'"$mask"'","name":"mask.png"}`);
});

test('the program asks for the same options', () => {
  const program = programOf(withOption(firstSettings, 'steps', 5), 'a "b".jpg', 9);
  expect(program).toContain('readPictureFile("a \\"b\\".jpg")');
  const given = JSON.parse(/dreamOptionsOf\((\{[^}]*\})\)/.exec(program)![1]!) as unknown;
  expect(given).toEqual({ preset: 'classic', steps: 5, size: 512, seed: 9 });
});

test('requests have quotes where shells and JSON need them', () => {
  const text = requestsOf(withOption(firstSettings, 'steps', 5), `it's "a".jpg`, 9, {
    server: 'http://x',
    token: true,
  });
  expect(text).toContain(`-T 'it'\\''s "a".jpg'`);
  expect(text).toContain(`"name":"it'\\''s \\"a\\".jpg"`);
  expect(text.match(/\$PAREIDOLIA_TOKEN/g)).toHaveLength(4);
  expect(text).toContain('"options":{"steps":5,"seed":9,"size":512}');
});

test('guides are named wherever the dream is copied to', () => {
  const guides = ['one.png', 'the other.png'];
  expect(commandOf(firstSettings, 'a.jpg', null, { guides })).toContain("--guide one.png --guide 'the other.png'");
  const program = programOf(firstSettings, 'a.jpg', null, { guides });
  expect(program).toContain('planDream(network, picture, options, { guides })');
  const requests = requestsOf(firstSettings, 'a.jpg', 1, { server: 'http://x', token: false }, { guides });
  expect(requests).toContain(`guide2=$(curl -sf -T 'the other.png' "$server/api/pictures"`);
  expect(requests).toContain(`"guides":[{"sha256":"'"$guide1"'","name":"one.png"}`);
});
