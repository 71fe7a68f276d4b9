import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/cli/command.ts';
import { defaults, readConfig, runsApiDefaults } from '../../src/config/config.ts';
import { ConfigError, type Environment, type Flags } from '../../src/config/settings.ts';

function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('The configuration', () => {
  it.each<[string, Flags, Environment, object]>([
    ['is the embedded API on loopback by default', {}, {}, defaults],
    ['takes empty variables for none', {}, { PORT: '', LETTA_BASE_URL: '', LETTA_API_KEY: '' }, defaults],
    [
      'comes from the environment',
      {},
      { LETTA_BASE_URL: 'http://localhost:8283', HOST: '0.0.0.0', PORT: '80', UPSTREAM_TIMEOUT_MS: '250' },
      { upstreamUrl: 'http://localhost:8283', host: '0.0.0.0', port: 80, upstreamTimeoutMs: 250 },
    ],
    [
      'comes from flags first',
      { upstream: 'https://letta.test', host: '::1', port: '0', 'upstream-timeout-ms': '1' },
      { LETTA_BASE_URL: 'http://localhost:8283', HOST: '0.0.0.0', PORT: '80', UPSTREAM_TIMEOUT_MS: '250' },
      { upstreamUrl: 'https://letta.test', host: '::1', port: 0, upstreamTimeoutMs: 1 },
    ],
    [
      'takes a key alone for the cloud',
      {},
      { LETTA_API_KEY: 'sk-1' },
      { upstreamUrl: 'https://api.letta.com', apiKey: 'sk-1' },
    ],
    [
      'takes a key and an address for that address',
      {},
      { LETTA_API_KEY: 'sk-1', LETTA_BASE_URL: 'http://a.test/letta/' },
      { upstreamUrl: 'http://a.test/letta', apiKey: 'sk-1' },
    ],
    [
      'forgives the /v1 of a pasted address',
      { upstream: 'http://a.test/v1/' },
      {},
      { upstreamUrl: 'http://a.test' },
    ],
    ['forces a dialect', { 'upstream-dialect': 'documented' }, {}, { upstreamDialect: 'documented' }],
    ['finds the dialect out', {}, { UPSTREAM_DIALECT: 'auto' }, { upstreamDialect: undefined }],
  ])('%s', (_name, flags, env, expected) => {
    expect(readConfig(flags, env)).toEqual({ ...defaults, ...expected });
  });

  it('tells all problems at once, by the name they were given under, and shows no secret', () => {
    const flags = { port: '65536', 'upstream-timeout-ms': '1.5', 'upstream-dialect': 'klingon' };
    const env = { LETTA_BASE_URL: 'localhost:8283', HOST: 'a b', LETTA_API_KEY: 'sk-ünsafe' };
    expect(problemsOf(() => readConfig(flags, env))).toEqual([
      'LETTA_BASE_URL: expected an http or https address without credentials, query or fragment, such as http://localhost:8283, but got "localhost:8283"',
      'LETTA_API_KEY: expected visible ASCII characters, but got something else (not shown)',
      'HOST: expected a host name or an IP address, but got "a b"',
      '--port: expected a whole number from 0 to 65535, but got "65536"',
      '--upstream-timeout-ms: expected a whole number from 1 to 600000, but got "1.5"',
      '--upstream-dialect: expected one of auto, reversed, documented, but got "klingon"',
    ]);
    expect(problemsOf(() => readConfig({ upstream: 'http://u:secret@a.test' }, {}))).toEqual([
      '--upstream: expected an http or https address without credentials, query or fragment, such as http://localhost:8283, but got something else (not shown)',
    ]);
  });
});

describe('The command line', () => {
  it('serves the gateway, or the embedded runs API alone', () => {
    expect(parseCommand(['--port', '5000'], { PORT: '4000' })).toEqual({
      kind: 'serve',
      config: { ...defaults, port: 5000 },
    });
    expect(parseCommand(['--port=5000'], {})).toMatchObject({ config: { port: 5000 } });
    const argv = ['runs-api', '--runs', '5000', '--seed', '7', '--dialect', 'documented', '--db', 'runs.db'];
    // The gateway's variables are not for the embedded API.
    expect(parseCommand([...argv, '--password', 'sesame'], { PORT: '4000' })).toEqual({
      kind: 'runs-api',
      config: {
        ...runsApiDefaults,
        runs: 5000,
        seed: 7,
        dialect: 'documented',
        file: 'runs.db',
        password: 'sesame',
      },
    });
  });

  it.each([['--help'], ['-h'], ['runs-api', '--help'], ['--help', '--port', 'x']])(
    'helps for %s %s',
    (...argv) => {
      expect(parseCommand(argv, {})).toEqual({ kind: 'help' });
    },
  );

  it('tells its version', () => {
    expect(parseCommand(['--version'], {})).toEqual({ kind: 'version' });
  });

  it('tells unknown flags, missing values and bad values together', () => {
    expect(problemsOf(() => parseCommand(['--prot', '5000', '--host'], { PORT: 'x' }))).toEqual([
      '--prot: unknown; known flags: --upstream, --host, --port, --upstream-timeout-ms, --upstream-dialect, --upstream-max-bytes, --upstream-max-in-flight, --max-cost, --max-response-bytes, --row-copying, --drain-timeout-ms, --allow-anonymous, --help, --version',
      '5000: expected a flag, or runs-api as the first word',
      '--host: expected a value behind it',
      'PORT: expected a whole number from 0 to 65535, but got "x"',
    ]);
    expect(problemsOf(() => parseCommand(['--host', '--port', '1'], {}))).toEqual([
      '--host: expected a value behind it',
      '1: expected a flag, or runs-api as the first word',
    ]);
    expect(problemsOf(() => parseCommand(['runs-api', '--runs', '-1', '--seed', 'a'], {}))).toEqual([
      '--runs: expected a whole number from 0 to 10000000, but got "-1"',
      '--seed: expected a whole number from 0 to 4294967295, but got "a"',
    ]);
  });
});
