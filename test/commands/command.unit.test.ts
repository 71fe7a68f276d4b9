import { describe, expect, it } from 'vitest';
import { parseCommand } from '../../src/cli/command.ts';
import { flagsOf } from '../../src/cli/commands.ts';
import { defaults } from '../../src/config/config.ts';
import { RUNS_API_SETTINGS } from '../../src/config/runs-api-config.ts';
import { defaultsOf } from '../../src/config/settings.ts';
import { problemsOf } from './problems-of.ts';

/** A file system with these files in its working directory. */
function files(texts: Readonly<Record<string, string>> = {}) {
  return (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  };
}

const NO_FILES = files();
const runsApiDefaults = defaultsOf(RUNS_API_SETTINGS);
const SERVE_FLAGS = flagsOf('serve');
const RUNS_API_FLAGS = flagsOf('runs-api');

describe('The command line', () => {
  it('serves the gateway, or the embedded runs API alone', () => {
    expect(parseCommand(['--port', '5000'], { PORT: '4000' }, NO_FILES)).toMatchObject({
      kind: 'serve',
      config: { ...defaults, port: 5000 },
      warnings: [],
    });
    expect(parseCommand(['--port=5000'], {}, NO_FILES)).toMatchObject({ config: { port: 5000 } });
    // The gateway's variables and its file are not for the embedded API.
    const file = files({ 'runs-gateway.config.json': '{"port": 1}' });
    expect(parseCommand(['runs-api', '--db', 'runs.db'], { PORT: '4000' }, file)).toEqual({
      kind: 'runs-api',
      config: { ...runsApiDefaults, file: 'runs.db' },
    });
  });

  it.each([
    [['documents', '-h'], 'documents'],
    [['documents', 'check', 'a.json', '--help'], 'documents'],
    [['--help'], undefined],
    [['-h'], undefined],
    [['serve', '-h'], 'serve'],
    [['runs-api', '--help'], 'runs-api'],
    [['config', 'check', '--help'], 'config'],
    [['schema', 'print', '--help'], 'schema'],
    [['tail', '-n', '5', '--help'], 'tail'],
    [['--help', '--port', 'x'], undefined],
    [['-h', '--config', 'none'], undefined],
  ] as const)('helps for %s', (argv, command) => {
    expect(parseCommand(argv, {}, NO_FILES)).toEqual({ kind: 'help', command });
  });

  it.each([['--version'], ['-v'], ['runs-api', '-v']])('shows the version for %s %s', (...argv) => {
    expect(parseCommand(argv, {}, NO_FILES)).toEqual({ kind: 'version' });
  });

  it.each<[argv: string[], live: boolean | undefined]>([
    [[], undefined],
    [['--live'], true],
    [['--live', '--port', '5'], true],
    [['--live', 'on'], true],
    [['--live', 'off'], false],
    [['--live=off'], false],
    [['--live', 'off', '--live'], true],
    [['runs-api'], false],
    [['runs-api', '--live'], true],
    [['runs-api', '--live', '--port', '5'], true],
    [['runs-api', '--live', 'off'], false],
  ])('takes a flag that is on or off for on if it stands alone: %j', (argv, live) => {
    const command = parseCommand(argv, {}, NO_FILES);
    expect('config' in command && 'live' in command.config && command.config.live).toBe(live);
  });

  it('reports unknown flags, missing values and bad values together', () => {
    const known = ({ withValue, switches }: typeof SERVE_FLAGS): string =>
      [...withValue, ...switches].map((flag) => `--${flag}`).join(', ');
    expect(
      problemsOf(() => parseCommand(['--prot', '5000', '--nonsense', '--host'], { PORT: 'x' }, NO_FILES)),
    ).toEqual([
      '--prot: unknown flag; did you mean --port?',
      '5000: unexpected argument; expected a flag, or runs-api, tail, doctor, config, schema or documents as the first argument',
      `--nonsense: unknown flag; known flags: ${known(SERVE_FLAGS)}`,
      '--host: expected a value',
      'PORT: expected a whole number from 0 to 65535, but got "x"',
    ]);
    expect(problemsOf(() => parseCommand(['constructor'], {}, NO_FILES))).toEqual([
      'constructor: unexpected argument; expected a flag, or runs-api, tail, doctor, config, schema or documents as the first argument',
    ]);
    expect(problemsOf(() => parseCommand(['--host', '--port', '1'], {}, NO_FILES))).toEqual([
      '--host: expected a value',
      '1: unexpected argument; expected a flag, or runs-api, tail, doctor, config, schema or documents as the first argument',
    ]);
    const argv = ['runs-api', '--runs', '-1', '--config', 'a.json'];
    expect(problemsOf(() => parseCommand(argv, {}, NO_FILES))).toEqual([
      `--config: unknown flag; known flags: ${known(RUNS_API_FLAGS)}`,
      'a.json: unexpected argument; expected a flag, or runs-api, tail, doctor, config, schema or documents as the first argument',
      '--runs: expected a whole number from 0 to 10000000, but got "-1"',
    ]);
  });
});

describe('The config file', () => {
  const both = files({
    'runs-gateway.config.json': '{"port": 1, "host": "::1"}',
    'other.json': '{"port": 2}',
  });

  it('is the one in the working directory, or the one that --config names', () => {
    expect(parseCommand([], {}, both)).toMatchObject({ config: { port: 1, host: '::1' } });
    expect(parseCommand(['--config', 'other.json'], {}, both)).toMatchObject({
      config: { port: 2, host: defaults.host },
    });
  });

  it('has to be there if --config names it', () => {
    expect(problemsOf(() => parseCommand(['--config', 'none.json'], { PORT: 'x' }, both))).toEqual([
      '--config: "none.json": expected a readable file (ENOENT)',
      'PORT: expected a whole number from 0 to 65535, but got "x"',
    ]);
  });

  it('has to be readable if it is there', () => {
    const locked = (): string => {
      throw Object.assign(new Error('permission denied'), { code: 'EACCES' });
    };
    expect(problemsOf(() => parseCommand([], {}, locked))).toEqual([
      'runs-gateway.config.json: expected a readable file (EACCES)',
    ]);
  });

  it('can not let others read with the key of the gateway', () => {
    const open = files({ 'runs-gateway.config.json': '{"host": "0.0.0.0", "apiKey": "sk-1"}' });
    expect(problemsOf(() => parseCommand([], {}, open))).toEqual([
      expect.stringMatching(/^HOST: 0\.0\.0\.0 exposes the gateway.*--allow-anonymous/),
    ]);
    expect(parseCommand(['--allow-anonymous'], {}, open)).toMatchObject({ config: { host: '0.0.0.0' } });
  });
});
