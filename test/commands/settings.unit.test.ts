import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConfigError } from '../../src/config/config-error.ts';
import { type Config, defaults, examineConfig, readConfig } from '../../src/config/config.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import type { Setting } from '../../src/config/settings.ts';
import { problemsOf } from './problems-of.ts';
import { badTexts, badValues, type JsonValue, textOf, validValue } from './setting-values.ts';

const GATEWAY_DEFAULTS: Readonly<Record<string, unknown>> = { ...defaults };
const SETTINGS: readonly [string, Setting][] = Object.entries(GATEWAY_SETTINGS);
const FILE = 'test.json';
/** What every file of a secret has. */
const IN_FILE = 'from-a-file';

/** Other settings without which one is refused. */
const NEEDED: Readonly<Record<string, Record<string, unknown>>> = {
  trustedDocumentsOnly: { persistedDocuments: 'manifest.json' },
  rateLimitStore: { rateLimit: 100 },
  rateLimitStoreFile: { rateLimit: 100 },
  project: { upstreamUrl: 'http://a.test' },
  projectId: { upstreamUrl: 'http://a.test' },
  host: { upstreamUrl: 'http://a.test' },
  adminHost: { upstreamUrl: 'http://a.test' },
  sampleRuns: { upstreamUrl: 'http://a.test' },
};

/** What most of these need. */
const ALWAYS: Readonly<Record<string, string>> = { upstreamUrl: 'http://a.test' };

/** What was given by each source, by the names that the source has for settings. */
interface Given {
  readonly flags: Record<string, string>;
  readonly env: Record<string, string>;
  readonly file: Record<string, unknown>;
}

/** Hosts that others can reach are allowed, since it isn't them that is tested here. */
function read({ flags = {}, env = {}, file = {} }: Partial<Given>): Config {
  const configFile = { name: FILE, text: JSON.stringify(file) };
  const given = { 'allow-anonymous': '', ...flags };
  const readText = (path: string): string => {
    const isOf = ([key, { flag = '', variable = '' }]: (typeof SETTINGS)[number]): boolean =>
      [flags[flag], env[variable], file[key]].includes(path);
    const names = SETTINGS.filter(isOf).map(([key]) => key);
    const kind = SETTINGS.find(([key]) => names.includes(`${key}File`))?.[1].kind;
    return `${kind && inFile(kind)}\n`;
  };
  const { config, problems } = examineConfig(given, env, configFile, readText);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** What the file of a secret holds. */
function inFile({ schema: { examples: [example = IN_FILE] = [] } }: Setting['kind']): string {
  return example;
}

/** The secrets in the files that settings name. */
function inFiles(settings: object): object {
  const named = SETTINGS.filter(([key]) => Object.hasOwn(settings, `${key}File`));
  return Object.fromEntries(named.map(([key, { kind }]) => [key, kind.fromText(inFile(kind))]));
}

/** The configuration in which only these settings differ from the defaults. */
function withSettings(settings: object): Config {
  const config = { ...defaults, ...inFiles(settings), ...settings };
  const { upstreamUrl = config.apiKey && 'https://api.letta.com' } = config;
  return { ...config, upstreamUrl };
}

describe.each(SETTINGS)('The setting %s', (key, { flag, variable, kind, default: preset }) => {
  const valid = fc.sample(validValue(kind.schema), { numRuns: 20, seed: 1 });
  const needed = NEEDED[key] ?? {};

  it('is its default if nothing else is said', () => {
    expect(read({})).toHaveProperty(key, preset);
    expect(defaults).toHaveProperty(key, preset);
    if (variable !== undefined) expect(read({ env: { [variable]: '' } })).toEqual(defaults);
  });

  it('is what its flag, its variable or the file says', () => {
    for (const value of valid) {
      const expected = withSettings({ ...needed, [key]: kind.fromJson(value) });
      if (flag !== undefined) {
        expect(read({ flags: { [flag]: textOf(value) }, file: needed })).toEqual(expected);
      }
      if (variable !== undefined) {
        expect(read({ env: { [variable]: textOf(value) }, file: needed })).toEqual(expected);
      }
      expect(read({ file: { ...needed, [key]: value } })).toEqual(expected);
    }
  });

  it('is refused by the name under which it was given, with what is allowed', () => {
    for (const text of badTexts(kind.schema)) {
      const problem = (name: string) => [expect.stringContaining(`${name}: expected ${kind.allowed.text}, `)];
      if (flag !== undefined) {
        expect(problemsOf(() => read({ flags: { [flag]: text } }))).toEqual(problem(`--${flag}`));
      }
      if (variable !== undefined && text !== '') {
        expect(problemsOf(() => read({ env: { [variable]: text } }))).toEqual(problem(variable));
      }
    }
    for (const value of badValues(kind.schema)) {
      expect(
        problemsOf(() => read({ file: { [key]: value } })),
        JSON.stringify(value),
      ).toEqual([expect.stringContaining(`${FILE}: ${key}: expected ${kind.allowed.json}, but got `)]);
    }
  });
});

it('A flag beats a variable, a variable beats the file, and the file beats the default', () => {
  const someOf = (setting: Setting): fc.Arbitrary<Partial<Record<keyof Given, JsonValue>>> =>
    fc.record(
      {
        ...(setting.flag !== undefined && { flags: validValue(setting.kind.schema) }),
        ...(setting.variable !== undefined && { env: validValue(setting.kind.schema) }),
        file: validValue(setting.kind.schema),
      },
      { requiredKeys: [] },
    );
  // Random tokens may be the same ones, and what is in a file is given nowhere else: one of them at a time.
  const secrets = SETTINGS.flatMap(([key, { kind }]) =>
    kind.holdsSecret === true ? [key, `${key}File`] : [],
  );
  const choices = fc.record(Object.fromEntries(SETTINGS.map(([key, each]) => [key, someOf(each)])));
  fc.assert(
    fc.property(choices, fc.constantFrom(...secrets), (chosen, secret) => {
      const given: Given = { flags: {}, env: {}, file: {} };
      const expected: Record<string, unknown> = {};
      for (const [key, { flag = '', variable = '', kind }] of SETTINGS) {
        if (secrets.includes(key) && key !== secret) continue;
        const { flags, env, file = ALWAYS[key] } = chosen[key] ?? {};
        if (flags !== undefined) given.flags[flag] = textOf(flags);
        if (env !== undefined) given.env[variable] = textOf(env);
        if (file !== undefined) given.file[key] = file;
        const strongest = flags ?? env ?? file;
        if (strongest !== undefined) expected[key] = kind.fromJson(strongest);
      }
      for (const [key, others] of Object.entries(NEEDED)) {
        if (key in expected && expected[key] !== GATEWAY_DEFAULTS[key])
          fc.pre(Object.keys(others).every((other) => other in expected));
      }
      expect(read(given)).toEqual(withSettings(expected));
    }),
  );
});

describe('The upstream', () => {
  it.each<[string, Record<string, string>, Partial<Config>]>([
    ['is the cloud for a key alone', { LETTA_API_KEY: 'sk-1' }, { upstreamUrl: 'https://api.letta.com' }],
    [
      'is the address that comes with a key',
      { LETTA_API_KEY: 'sk-1', LETTA_BASE_URL: 'http://a.test/letta/' },
      { upstreamUrl: 'http://a.test/letta' },
    ],
    ['is none for an empty key', { LETTA_API_KEY: '', LETTA_BASE_URL: '' }, { upstreamUrl: undefined }],
  ])('%s', (_name, env, expected) => {
    expect(readConfig({}, env)).toMatchObject(expected);
  });

  it('has the dialect that a flag leaves open, whatever the variable says', () => {
    const flags = { 'upstream-dialect': 'auto' };
    expect(readConfig(flags, { UPSTREAM_DIALECT: 'reversed' }).upstreamDialect).toBeUndefined();
  });
});

it('A store of the rate limit is only used with a limit', () => {
  const problem = [expect.stringMatching(/^RATE_LIMIT_STORE: .*set RATE_LIMIT$/)];
  const env = { RATE_LIMIT_STORE: 'redis://:secret@redis.test' };
  expect(problemsOf(() => read({ env }))).toEqual(problem);
  expect(problemsOf(() => read({ env: { ...env, RATE_LIMIT: '100' } }))).toEqual([]);
});

it('Only trusted documents can be served if there is a manifest of them', () => {
  const problem = [expect.stringMatching(/^TRUSTED_DOCUMENTS_ONLY: .*PERSISTED_DOCUMENTS/)];
  expect(problemsOf(() => read({ env: { TRUSTED_DOCUMENTS_ONLY: 'on' } }))).toEqual(problem);
  expect(problemsOf(() => read({ file: { trustedDocumentsOnly: true } }))).toEqual(problem);
});

it('All problems are reported at once, by the names they were given under, and no secret is shown', () => {
  const flags = { port: '65536', 'upstream-timeout-ms': '1.5', 'upstream-dialect': 'klingon' };
  const env = { LETTA_BASE_URL: 'localhost:8283', HOST: 'a b', LETTA_API_KEY: 'sk-ünsafe' };
  const file = { prot: 1, accessTokens: ['good', 'b ad'], rowCopying: 'on', host: 'c d', maxCost: [1] };
  expect(problemsOf(() => read({ flags, env, file }))).toEqual([
    'test.json: prot: unknown key; did you mean port?',
    'LETTA_BASE_URL: expected an http or https URL without credentials, query or fragment, such as http://localhost:8283, but got "localhost:8283"',
    'LETTA_API_KEY: expected visible ASCII characters, but got something else (not shown)',
    'test.json: accessTokens: expected a list of tokens of visible ASCII characters, each with or without a label, such as alice:TOKEN, but got something else (not shown)',
    'HOST: expected a host name or an IP address, but got "a b"',
    '--port: expected a whole number from 0 to 65535, but got "65536"',
    '--upstream-timeout-ms: expected a whole number from 1 to 600000, but got "1.5"',
    '--upstream-dialect: expected one of auto, reversed, documented, but got "klingon"',
    'test.json: maxCost: expected a whole number from 1 to 1000000000, but got a list',
    'test.json: rowCopying: expected true or false, but got "on"',
  ]);
});
