import { describe, expect, it } from 'vitest';
import { readGatewayConfig, readOptions } from '../../src/config/config.ts';
import type { Setting } from '../../src/config/define-settings.ts';
import type { Config } from '../../src/config/gateway-settings.ts';
import { defaults, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { allowed } from '../../src/config/setting-value.ts';
import { assembleGateway } from '../../src/gateway.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

type JsonValue = string | number | boolean | readonly string[];
type Sources = 'flags' | 'env' | 'file' | 'options';

const FILE = 'test.json';
const UPSTREAM = { upstreamUrl: 'http://a.test' };

/** How a flag or variable says what a value of the file does. */
function textOf(value: JsonValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** Reads settings from one source or several. Hosts that others can reach are allowed: other tests are about them. */
function read(given: Partial<Record<Sources, Readonly<Record<string, JsonValue>>>>): Config {
  const { flags = {}, env = {}, file = {}, options } = given;
  if (options !== undefined) return readOptions({ ...UPSTREAM, ...options });
  const texts = (values: Readonly<Record<string, JsonValue>>) =>
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, textOf(value)]));
  const own = { config: FILE, 'allow-anonymous': 'on', ...texts(flags) };
  // Every file of a secret has the same text.
  return readConfig(own, texts(env), {
    [FILE]: JSON.stringify({ ...UPSTREAM, ...file }),
    secrets: 'redis://a.test',
  });
}

/** The problems of reading settings, whether they come from the command line or from a program. */
function problemsIn(given: Parameters<typeof read>[0]): readonly string[] {
  try {
    return problemsOf(() => read(given));
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    return String(Object(error).message).split('\n');
  }
}

/** A setting of each type: a text with its value, and what it can't be, as a text and in JSON. */
it.each<
  [key: keyof typeof GATEWAY_SETTINGS, text: string, value: JsonValue, texts: string[], values: unknown[]]
>([
  ['maxCost', '1', 1, ['0', '1.5', '1e3', '0x10', ' 1'], [0, 1.5, Number.NaN, '1', true, [1], null, {}]],
  ['maxCost', '1000000000', 1_000_000_000, ['1000000001'], [1_000_000_001]],
  ['readOnly', 'on', true, ['true', '1', 'ON'], ['on', 'true', 0, [], null, {}]],
  ['upstreamDialect', 'reversed', 'reversed', ['klingon', '\0'], ['', '\0', 7, true, [], null, {}]],
  ['forwardHeaders', 'x-a,x-b', ['x-a', 'x-b'], ['a,,b', 'ünsafe'], ['a', 7, [''], [7], ['a', null], null]],
])('The setting %s is what its flag, variable, key and option say, or is refused by that name', (...row) => {
  const [key, text, value, texts, values] = row;
  const setting: Setting = GATEWAY_SETTINGS[key];
  const { flag = '', variable = '' } = setting;
  expect(read({ env: { [variable]: '' } })).toHaveProperty(key, setting.default);
  for (const [source, name, shown] of [
    ['flags', flag, `--${flag}`],
    ['env', variable, variable],
  ] as const) {
    expect(read({ [source]: { [name]: text } })).toHaveProperty(key, value);
    const problem = expect.stringContaining(`${shown}: expected ${allowed(setting, true)}, but got `);
    for (const wrong of texts) expect(problemsIn({ [source]: { [name]: wrong } }), wrong).toEqual([problem]);
  }
  for (const source of ['file', 'options']) {
    expect(read({ [source]: { [key]: value } })).toHaveProperty(key, value);
    const problem = expect.stringContaining(`${key}: expected ${allowed(setting, false)}, but got `);
    for (const wrong of values)
      expect(problemsIn({ [source]: { [key]: wrong as JsonValue } })).toEqual([problem]);
  }
});

it('A flag beats the variable, and the variable the file', () => {
  const [flags, env, file] = [{ 'max-cost': 1 }, { MAX_COST: 2 }, { maxCost: 3 }];
  expect(read({ flags, env, file }).maxCost).toBe(1);
  expect(read({ env, file }).maxCost).toBe(2);
});

it('An option that is undefined counts as absent, and an unknown one is named', () => {
  const options: Record<string, unknown> = { maxCost: undefined, accessTokens: undefined };
  expect(readOptions(options)).toEqual(readOptions({}));
  expect(readOptions({ ...defaults, maxCost: 7 })).toEqual({ ...readOptions({}), maxCost: 7 });
  expect(problemsIn({ options: { upstreamURL: 'x' } })).toEqual([
    'upstreamURL: unknown option; did you mean upstreamUrl?',
  ]);
  expect(problemsIn({ options: { url: 'x' } })).toEqual([
    expect.stringContaining('url: unknown option; known options: upstreamUrl, apiKey, '),
  ]);
});

describe('The default of a setting', () => {
  const envOf = (env: Record<string, string>) => ({ LETTA_BASE_URL: 'http://a.test', ...env });

  it.each([
    ['program', { compression: false, live: false, drainGraceMs: 0, logLevel: 'debug' }],
    ['terminal', { compression: true, live: true, drainGraceMs: 0, logLevel: 'info' }],
    ['service', { compression: true, live: true, drainGraceMs: 3000, logLevel: 'info' }],
  ] as const)('depends on the place: %s', (place, expected) => {
    const config =
      place === 'program'
        ? readOptions(UPSTREAM)
        : readGatewayConfig({ flags: {}, env: envOf({}), place }).config;
    expect(config).toMatchObject(expected);
  });

  it.each([
    [{}, { explorer: true, mcp: true, adminHost: '127.0.0.1' }],
    [{ HOST: '::1' }, { adminHost: '::1' }],
    [{ AGENTS: 'stub' }, { explorer: false, mcp: false }],
    [{ ROUTER_SECRETS: 's' }, { explorer: false, mcp: false }],
    [
      { TRUSTED_DOCUMENTS_ONLY: 'on', PERSISTED_DOCUMENTS: 'f', MCP: 'on' },
      { explorer: false, mcp: true },
    ],
  ])('depends on other settings: %j', (env, expected) => {
    expect(readConfig({}, envOf(env))).toMatchObject(expected);
  });
});

it('LETTA_BASE_URL is Letta Cloud for a key alone, and else the address, without slashes and /v1', () => {
  const urlOf = (env: Record<string, string>) => readConfig({}, env).upstreamUrl;
  expect(urlOf({ LETTA_API_KEY: 'sk-1' })).toBe('https://api.letta.com');
  expect(urlOf({ LETTA_API_KEY: 'sk-1', LETTA_BASE_URL: 'http://a.test/letta/v1//' })).toBe(
    'http://a.test/letta',
  );
  expect(urlOf({ LETTA_API_KEY: '', LETTA_BASE_URL: '' })).toBeUndefined();
});

it('LETTA_BASE_URL loses one /v1 of two at its end', async () => {
  await using gateway = await assembleGateway(readConfig({ upstream: 'http://a.test/v1/v1' }, {}), {});
  expect(gateway.upstreamUrl).toBe('http://a.test/v1');
});

/** No URLs, but a password is in each of them all the same. */
const WITH_PASSWORDS = ['http//u:secret@a.test', 'u:secret@a.test', 'http://u:secret@a.test:x'];

it.each<[string, readonly string[]]>([
  [
    'LETTA_BASE_URL',
    [
      'a.test',
      'ftp://a.test',
      'http://a.test?b',
      'http://a.test#b',
      'http://u@a.test',
      'http://',
      ...WITH_PASSWORDS,
    ],
  ],
  ['LETTA_API_KEY', ['a b', 'a\n', 'ü']],
  ['LETTA_PROJECT', [' p', 'p ', 'p\r\nx: y', 'проект', 'p'.repeat(257)]],
  ['FORWARD_HEADERS', ['a b', 'a:', '(a)', 'x-tenant,']],
  ['ACCESS_TOKENS', ['alice:', 'a b', 'a,,b']],
  ['RATE_LIMIT_STORE', ['http://a.test', 'redis://u:%@a.test']],
  ['PUBLIC_URL', ['a.test', 'https://a.test/?b', 'https://u@a.test', ...WITH_PASSWORDS]],
  ['HOST', ['http://a', 'a/b', 'a b']],
  ['ALLOWED_HOSTS', ['http://a.test', '*.test', 'a:123456']],
  ['CORS_ORIGINS', ['a.test', 'https://a.test/', 'https://a.test:443', 'https://*.a.test', 'null']],
])('%s can not be any of %j, none of which is shown if it may have a password', (name, texts) => {
  for (const text of texts) {
    expect(problemsIn({ env: { [name]: text } }), text).toEqual([
      expect.stringMatching(new RegExp(`^${name}: expected .*, but got [^@]*$`)),
    ]);
  }
});

it('TRUSTED_DOCUMENTS_ONLY, RATE_LIMIT_STORE, EXPLORER and MCP are refused without what they need', () => {
  const env = { RATE_LIMIT_STORE: 'redis://:secret@redis.test', TRUSTED_DOCUMENTS_ONLY: 'on' };
  expect(problemsIn({ env: { MCP: 'on', EXPLORER: 'on', AGENTS: 'stub' } })).toEqual([
    expect.stringMatching(/^EXPLORER: .*AGENTS=full/),
    expect.stringMatching(/^MCP: .*AGENTS=full/),
  ]);
  expect(problemsIn({ env })).toEqual([
    expect.stringMatching(/^TRUSTED_DOCUMENTS_ONLY: .*PERSISTED_DOCUMENTS/),
    expect.stringMatching(/^RATE_LIMIT_STORE: .*set RATE_LIMIT$/),
  ]);
  expect(problemsIn({ env: { ...env, RATE_LIMIT: '100', PERSISTED_DOCUMENTS: 'a' } })).toEqual([]);
});

it('All problems are reported at once, by the names they were given under, and no secret is shown', () => {
  const flags = { port: '65536', 'upstream-timeout-ms': '1.5', 'upstream-dialect': 'klingon' };
  const env = { LETTA_BASE_URL: 'http://u:secret@a', HOST: 'a b', LETTA_API_KEY: 'sk-ünsafe' };
  const file = { PORT: 1, accessTokens: ['good', 'b ad'], readOnly: 'on', host: 'c d', maxCost: [1] };
  expect(problemsIn({ flags, env, file: Object(file) })).toEqual([
    'test.json: PORT: unknown key; did you mean port?',
    'LETTA_BASE_URL: expected an http or https URL without credentials, query or fragment, such as http://localhost:8283, but got something else (not shown)',
    'LETTA_API_KEY: expected visible ASCII characters, but got something else (not shown)',
    '--upstream-dialect: expected one of auto, reversed, documented, but got "klingon"',
    '--upstream-timeout-ms: expected a whole number from 1 to 600000, but got "1.5"',
    'test.json: accessTokens: expected a list of tokens of visible ASCII characters, each with or without a label, such as alice:TOKEN, but got something else (not shown)',
    'test.json: readOnly: expected true or false, but got "on"',
    'HOST: expected a host name or an IP address, but got "a b"',
    '--port: expected a whole number from 0 to 65535, but got "65536"',
    'test.json: maxCost: expected a whole number from 1 to 1000000000, but got a list',
  ]);
});
