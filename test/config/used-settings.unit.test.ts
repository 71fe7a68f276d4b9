import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import type { Setting } from '../../src/config/settings.ts';

/** The settings that a program reads: as members of `config`, or taken out of it by their names. */
function namesRead(source: string): readonly string[] {
  const members = [...source.matchAll(/\bconfig\.(\w+)/g)].map(([, name]) => name);
  const taken = [...source.matchAll(/\{([^{}]*)\} = config;/g)].flatMap(([, names = '']) =>
    names.split(',').map((name) => /\w+/.exec(name)?.[0]),
  );
  return [...members, ...taken].filter((name) => name !== undefined);
}

/** Settings that decide whether the gateway starts, by the file that reads them. */
const READ_ELSEWHERE: Readonly<Record<string, string>> = { sampleRuns: 'config/sample-runs.ts' };
/** Those that name the files of secrets, which are read together with these. */
const OF_FILES = Object.entries<Setting>(GATEWAY_SETTINGS).flatMap(([name, { kind }]) =>
  kind.holdsSecret === true ? [`${name}File`] : [],
);

const sourceOf = (file: string) => readFileSync(new URL(`../../src/${file}`, import.meta.url), 'utf8');
const READ = namesRead(sourceOf('gateway.ts'));

it.each(Object.keys(GATEWAY_SETTINGS).filter((name) => !OF_FILES.includes(name)))(
  'The setting %s is read by the gateway',
  (name) => {
    const elsewhere = READ_ELSEWHERE[name];
    if (elsewhere !== undefined)
      return expect(sourceOf(elsewhere)).toMatch(new RegExp(`\\b${name}\\b.* = settings;`));
    expect(READ, `nothing reads ${name}: hand it on in src/gateway.ts`).toContain(name);
  },
);

describe('The names that are read', () => {
  it.each([
    ['createEngine({ maxCost: config.maxCost })', ['maxCost']],
    ['const { host, port: own, adminHost = host } = config;', ['host', 'port', 'adminHost']],
    ['createEngine({ maxCost: 10_000 })', []],
    ['/** With a {maxCost}, or { maxCost } of it. */ const { maxCost } = options;', []],
  ])('of %s are %j', (source, names) => {
    expect(namesRead(source)).toEqual(names);
  });
});
