import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RUNS_API_SETTINGS, readRunsApiConfig } from '../../src/config/runs-api-config.ts';
import { defaultsOf, type Setting } from '../../src/config/settings.ts';
import { problemsOf } from './problems-of.ts';
import { badTexts, textOf, validValue } from './setting-values.ts';

const SETTINGS: readonly [string, Setting][] = Object.entries(RUNS_API_SETTINGS);
const runsApiDefaults = defaultsOf(RUNS_API_SETTINGS);

it('The embedded runs API has its defaults without flags', () => {
  expect(readRunsApiConfig({})).toEqual(runsApiDefaults);
});

describe.each(SETTINGS)('The setting %s of the embedded runs API', (key, { flag = '', kind }) => {
  it('is what its flag says', () => {
    for (const value of fc.sample(validValue(kind.schema), { numRuns: 20, seed: 1 })) {
      const expected = { ...runsApiDefaults, [key]: kind.fromJson(value) };
      expect(readRunsApiConfig({ [flag]: textOf(value) })).toEqual(expected);
    }
  });

  it('is refused by its flag, with what is allowed', () => {
    for (const text of badTexts(kind.schema)) {
      expect(problemsOf(() => readRunsApiConfig({ [flag]: text }))).toEqual([
        expect.stringContaining(`--${flag}: expected ${kind.allowed.text}, but got `),
      ]);
    }
  });
});
