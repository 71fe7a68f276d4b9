import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readGatewayConfig, readOptions } from '../../src/config/config.ts';
import { defaults } from '../../src/config/gateway-settings.ts';
import { newFolder } from '../support/new-folder.ts';
import { problemsOf, readConfig } from '../support/read-config.ts';

const UPSTREAM = { LETTA_BASE_URL: 'http://a.test' };
const DEFAULT_FILE = 'runs-gateway.config.json';

describe('runs-gateway.config.json', () => {
  const read = (text: string) => readConfig({ config: 'my.json' }, {}, { 'my.json': text });

  it.each<[string, string[]]>([
    ['{}', []],
    ['{"$schema": "./config.schema.json"}', []],
    ['', ['my.json: malformed JSON']],
    ['{\n  "port": 1,\n}', ['my.json: malformed JSON at line 3, column 1']],
    ['{"apiKey": sk-1}', ['my.json: malformed JSON']],
    ['[]', ['my.json: expected an object, such as {"port": 4000}']],
    ['null', ['my.json: expected an object, such as {"port": 4000}']],
    ...['toString', '__proto__', 'upstream', 'allow-anonymous'].map((key): [string, string[]] => [
      `{"${key}": "secret"}`,
      [`my.json: ${key}: unknown key; known keys: ${Object.keys(defaults).join(', ')}`],
    ]),
    ...Object.entries({ PORT: 'port', max_cost: 'maxCost' }).map(([key, meant]): [string, string[]] => [
      `{"${key}": "secret"}`,
      [`my.json: ${key}: unknown key; did you mean ${meant}?`],
    ]),
  ])('may be %s, or else none of it is quoted', (text, problems) => {
    expect(problemsOf(() => expect(read(text)).toEqual(readConfig({}, {})))).toEqual(problems);
  });

  it('is the one in the working directory, or the one that --config names, which has to be there', () => {
    const both = { [DEFAULT_FILE]: '{"port": 1, "host": "::1"}', 'other.json': '{"port": 2}' };
    expect(readConfig({}, {}, both)).toMatchObject({ port: 1, host: '::1' });
    expect(readConfig({ config: 'other.json' }, {}, both)).toMatchObject({ port: 2, host: defaults.host });
    expect(problemsOf(() => readConfig({ config: 'none.json' }, { PORT: 'x' }, both))).toEqual([
      '--config: "none.json": expected a readable file (ENOENT)',
      'PORT: expected a whole number from 0 to 65535, but got "x"',
    ]);
    const locked = (): string => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    expect(readGatewayConfig({ flags: {}, env: {}, readText: locked }).problems).toEqual([
      `${DEFAULT_FILE}: expected a readable file (EACCES)`,
    ]);
  });

  it('is as the documentation shows it', () => {
    const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
    const files = [...page.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(problemsOf(() => read(file))).toEqual([]);
  });
});

it('A secret is set by itself or by its file, not by both', () => {
  const env = { ...UPSTREAM, ROUTER_SECRETS: 'a', ROUTER_SECRETS_FILE: 'secrets' };
  expect(problemsOf(() => readConfig({}, env, { secrets: 'b' }))).toEqual([
    'ROUTER_SECRETS, ROUTER_SECRETS_FILE: both are set; set one of them',
  ]);
});

describe('A variable of the environment', () => {
  it.each([
    ['letta_base_url', 'unknown variable; did you mean LETTA_BASE_URL?'],
    ['ACCESSTOKENS', 'unknown variable; did you mean ACCESS_TOKENS?'],
    ['max_cost', 'unknown variable; did you mean MAX_COST?'],
  ])('that nothing reads is named where it looks as if it were meant: %s', (name, warning) => {
    const { problems, warnings } = readGatewayConfig({ flags: {}, env: { ...UPSTREAM, [name]: 'x' } });
    expect([...problems, ...warnings]).toEqual([expect.stringContaining(`${name}: ${warning}`)]);
  });

  it('that nothing reads is of no interest otherwise', () => {
    const names = ['HOME', 'PATH', 'HOSTNAME', 'TERM', 'NODE_ENV', 'OTEL_SERVICE_NAME', 'DB', 'LETTA_URL'];
    const env = Object.fromEntries(names.map((name) => [name, 'x']));
    expect(readGatewayConfig({ flags: {}, env: { ...UPSTREAM, ...env, access_tokens: '' } })).toMatchObject({
      problems: [],
      warnings: [],
    });
  });

  it('that was to name the upstream keeps the gateway from serving samples', () => {
    const read = (env: Record<string, string>, flags = {}) => problemsOf(() => readConfig(flags, env));
    for (const name of ['LETTA_BASEURL', 'LETA_BASE_URL', 'letta_base_url', 'LETTA_BASE_URL_FILE'])
      expect(read({ [name]: 'x' })).toEqual([expect.stringContaining('LETTA_BASE_URL')]);
    expect(read({ LETTA_URL: 'http://a.test', LETTA_TOKEN: 'x' })).toHaveLength(2);
    expect(read({ LETTA_URL: 'http://a.test' }, { upstream: 'http://b.test' })).toEqual([]);
    expect(read({ LETTA_URL: 'http://a.test' }, { 'sample-runs': 'on' })).toEqual([]);
    // Those of a Letta server may mean one.
    expect(read({ LETTA_PG_URI: 'x' })).toEqual([expect.stringContaining('--sample-runs')]);
  });
});

describe('SAMPLE_RUNS', () => {
  const read = (flags: Record<string, string>, env: Record<string, string> = {}) =>
    problemsOf(() => readConfig(flags, env));
  const ADVICE = 'set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server)';
  const INTENDED = `${ADVICE}, or pass --sample-runs if sample runs are intended`;

  it.each<[Record<string, string>, Record<string, string>]>([
    [{}, {}],
    [{ host: '::1', 'admin-host': 'localhost' }, { NODE_ENV: 'development' }],
    [{ host: '0.0.0.0', 'sample-runs': 'on' }, { NODE_ENV: 'production' }],
    [{ host: '0.0.0.0' }, { SAMPLE_RUNS: 'on' }],
  ])('serves sample runs with %j and %j', (flags, env) => {
    expect(read(flags, env)).toEqual([]);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    [
      `HOST: others can reach 0.0.0.0, and would take sample runs for real ones; ${INTENDED}`,
      { host: '0.0.0.0' },
      {},
    ],
    [`ADMIN_HOST: others can reach ::, and would watch sample runs; ${INTENDED}`, { 'admin-host': '::' }, {}],
    [`NODE_ENV: sample runs would be served in production; ${INTENDED}`, {}, { NODE_ENV: 'production' }],
    [`SAMPLE_RUNS: off, so that there is nothing to serve; ${INTENDED}`, {}, { SAMPLE_RUNS: 'off' }],
    [`LETTA_PROJECT: the embedded runs API has no projects; ${ADVICE}`, { project: 'p' }, {}],
    [`LETTA_PROJECT_ID: the embedded runs API has no projects; ${ADVICE}`, {}, { LETTA_PROJECT_ID: 'p' }],
  ])('serves no sample runs otherwise: %s', (problem, flags, env) => {
    expect(read(flags, env)).toEqual([problem]);
    for (const real of [UPSTREAM, { LETTA_API_KEY: 'k', ACCESS_TOKENS: 't' }]) {
      expect(read(flags, { ...env, ...real })).toEqual([]);
    }
  });

  it('is what a program serves if nothing says that it wants others', () => {
    expect(readOptions({}).sampleRuns).toBeUndefined();
    expect(readOptions({ host: '0.0.0.0', apiKey: 'k', sampleRuns: true }).sampleRuns).toBe(true);
    for (const wanting of [{ sampleRuns: false }, { apiKey: 'k' }, { host: '0.0.0.0' }, { project: 'p' }]) {
      expect(() => readOptions(wanting)).toThrow(/^\w+: .*; pass upstreamUrl \(CLOUD_URL for Letta Cloud\)/);
      expect(readOptions({ ...wanting, upstreamUrl: 'http://a.test' })).toMatchObject(wanting);
    }
  });
});

describe('FORWARD_HEADERS', () => {
  const read = (FORWARD_HEADERS: string) => readConfig({}, { FORWARD_HEADERS }).forwardHeaders;

  it.each(
    Object.entries({
      'would let anyone act as any user': ['user_id', 'USER-ID'],
      'would let anyone have others billed': ['x-billing-customer-id'],
      'belongs to one connection': ['Connection', 'transfer_encoding', 'upgrade'],
      'is about the way to the gateway': ['Host', 'x-forwarded-for'],
      'is about one message': ['content-length', 'Content-Type'],
      'is set by the gateway': ['Accept-Encoding', 'x_request_id'],
      'would change what is answered': ['range', 'If-Modified-Since'],
      'would change what is asked for': ['X-HTTP-Method-Override', 'x-original-url'],
      'is for browsers': ['cookie', 'origin', 'sec-fetch-site'],
      'would make each request a caller of its own': ['traceparent', 'tracestate'],
    }),
  )('has no header that %s: %j', (why, names) => {
    const problems = names.map((name) => `FORWARD_HEADERS: ${name} is never forwarded, because it ${why}`);
    expect(problemsOf(() => read(`x-tenant,${names.join(', ')}`))).toEqual(problems);
    const options = { forwardHeaders: names, upstreamUrl: 'http://a.test' };
    const named = problems.map((each) => each.replace('FORWARD_HEADERS', 'forwardHeaders'));
    expect(() => readOptions(options)).toThrow(named.join('\n'));
  });

  it('may have other headers', () => {
    expect(read('x-bare-password, X-Forwarded-User,constructor')).toHaveLength(3);
  });
});

describe('A file of a secret', () => {
  const read = (env: Record<string, string>, text: string) =>
    readGatewayConfig({
      flags: {},
      env: { ...UPSTREAM, ...env },
      readText: (path) => (path === 'f' ? text : '{}'),
    });

  it.each([
    ['a\n', ['a']],
    ['a\r\nalice:b\r\n', ['a', 'alice:b']],
    [' a , b\n\n\nc \n', ['a', 'b', 'c']],
  ])('has one entry on each line, or between commas: %j', (text, tokens) => {
    const { config, problems } = read({ ACCESS_TOKENS_FILE: 'f' }, text);
    expect([problems, config.accessTokens]).toEqual([[], tokens]);
    expect(readConfig({}, { ...UPSTREAM, ACCESS_TOKENS: text }).accessTokens).toEqual(tokens);
  });

  it.each([
    ['LETTA_API_KEY_FILE', 'two\nlines', 'something else (not shown)'],
    ['LETTA_API_KEY_FILE', '\n', '""'],
    ['ACCESS_TOKENS_FILE', '', '""'],
    ['ACCESS_TOKENS_FILE', 'a,,b', 'something else (not shown)'],
    ['ROUTER_SECRETS_FILE', 'sec ret', 'something else (not shown)'],
  ])('%s with %j is refused, and not shown', (name, text, shown) => {
    const { problems } = read({ [name]: 'f' }, text);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${name}: f: expected `));
    expect(problems[0]?.endsWith(`, but got ${shown}`)).toBe(true);
  });

  it('is refused where it is a folder', () => {
    using folder = newFolder();
    const { path } = folder;
    const problem = `LETTA_API_KEY_FILE: ${path}: expected a readable file, but got "EISDIR"`;
    expect(readGatewayConfig({ flags: {}, env: { LETTA_API_KEY_FILE: path } }).problems).toEqual([problem]);
    expect(() => readOptions({ upstreamUrl: 'http://a.test', apiKeyFile: path })).toThrow(problem);
  });
});
