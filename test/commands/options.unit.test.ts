import { describe, expect, it } from 'vitest';
import { type Config, defaults, readOptions } from '../../src/config/config.ts';

/** As a program without types can give them. */
function options(values: Readonly<Record<string, unknown>>): Partial<Config> {
  return values;
}

describe('Options of a program', () => {
  it('are optional, and undefined counts as absent', () => {
    expect(readOptions({})).toEqual(defaults);
    expect(readOptions(options({ maxCost: undefined, accessTokens: undefined }))).toEqual(defaults);
    expect(readOptions({ ...defaults, maxCost: 7 })).toEqual({ ...defaults, maxCost: 7 });
  });

  it('are read like the keys of a config file', () => {
    expect(readOptions({ upstreamUrl: 'http://a.test/v1/' }).upstreamUrl).toBe('http://a.test');
  });

  it.each<[string, unknown, string]>([
    ['port', 'x', 'port: expected a whole number from 0 to 65535, but got "x"'],
    ['maxCost', -1, 'maxCost: expected a whole number from 1 to 1000000000, but got -1'],
    ['maxCost', Number.NaN, 'maxCost: expected a whole number from 1 to 1000000000, but got NaN'],
    ['maxCost', '5', 'maxCost: expected a whole number from 1 to 1000000000, but got "5"'],
    ['rowCopying', 'off', 'rowCopying: expected true or false, but got "off"'],
    ['upstreamUrl', null, 'but got null'],
    ['upstreamUrl', new URL('http://a.test'), 'but got an object'],
    ['upstreamUrl', 'http://user:secret@a.test', 'but got something else (not shown)'],
    ['upstreamDialect', 'sideways', 'upstreamDialect: expected one of auto, reversed, documented'],
    ['accessTokens', 'secret', 'accessTokens: expected a list of tokens'],
    ['accessTokens', [''], 'accessTokens: expected a list of tokens'],
    ['apiKey', 'secret\n', 'apiKey: expected visible ASCII characters, but got something else (not shown)'],
    ['upsteamUrl', 'secret', 'upsteamUrl: unknown option; did you mean upstreamUrl?'],
    ['url', 'secret', 'url: unknown option; known options: upstreamUrl, apiKey'],
  ])('%s: %j is refused', (name, value, problem) => {
    const read = () => readOptions(options({ [name]: value }));
    expect(read).toThrow(TypeError);
    expect(read).toThrow(problem);
    expect(read).not.toThrow(/secret/);
  });
});
