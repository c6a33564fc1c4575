import { describe, expect, test } from 'vitest';
import { nearestNames } from './nearest-names.js';

const names = ['conv2d_1', 'mixed0', 'mixed3', 'mixed5', 'mixed10', 'block/mixed3/relu', 'predictions', 'Pool_final'];

describe('the nearest names', () => {
  test('of a name with a wrong letter begin with the right one', () => {
    expect(nearestNames('mixd3', names, 1)).toEqual(['mixed3']);
    expect(nearestNames('mixed33', names, 1)).toEqual(['mixed3']);
    expect(nearestNames('predicitons', names, 1)).toEqual(['predictions']);
  });

  test('are found whatever the case', () => {
    expect(nearestNames('MIXED5', names, 1)).toEqual(['mixed5']);
    expect(nearestNames('pool_FINAL', names, 1)).toEqual(['Pool_final']);
  });

  test('hold the name, or are held by it, even where others need fewer changes', () => {
    expect(nearestNames('final', names, 1)).toEqual(['Pool_final']);
    expect(nearestNames('mixed3/relu', [...names, 'mixed7/tanh'], 1)).toEqual(['block/mixed3/relu']);
    expect(nearestNames('my/mixed10/output', names, 1)).toEqual(['mixed10']);
  });

  test('are at most as many as asked for, each once', () => {
    expect(nearestNames('mixed', [...names, ...names], 3)).toHaveLength(3);
    expect(new Set(nearestNames('mixed', [...names, ...names], 100)).size).toBe(names.length);
    expect(nearestNames('mixed', [...names, ...names], 100)).toHaveLength(names.length);
    expect(nearestNames('mixed', [], 3)).toEqual([]);
  });

  test('of equal distance stay in order', () => {
    expect(nearestNames('mixed', ['mixed9', 'mixed1', 'mixed4'], 3)).toEqual(['mixed9', 'mixed1', 'mixed4']);
  });

  test('are found at once for a text of any length', () => {
    const start = performance.now();
    expect(nearestNames('mixed'.repeat(1_000_000), names, 2)).toHaveLength(2);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
