import { mkdtempDisposable, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { examineConfig, readOptions } from '../../src/config/config.ts';

const UPSTREAM = { LETTA_BASE_URL: 'http://a.test' };

/** Reads a configuration whose files all have this text. */
function read(env: Record<string, string>, text: string) {
  return examineConfig({}, { ...UPSTREAM, ...env }, (path) => (path === 'f' ? text : '{}'));
}

describe('A file of a secret', () => {
  it.each([
    ['a', ['a']],
    ['a\n', ['a']],
    ['a\r\nalice:b\r\n', ['a', 'alice:b']],
    [' a , b\n\n\nc \n', ['a', 'b', 'c']],
  ])('has one entry on each line, or between commas: %j', (text, tokens) => {
    const { config, problems } = read({ ACCESS_TOKENS_FILE: 'f' }, text);
    expect(problems).toEqual([]);
    expect(config.accessTokens).toEqual(tokens);
  });

  it.each(['key', 'key\n', '  key\r\n'])('has the whole of one that is no list: %j', (text) => {
    const { config, names } = read({ LETTA_API_KEY_FILE: 'f' }, text);
    expect(config.apiKey).toBe('key');
    expect(names.get('apiKey')).toBe('LETTA_API_KEY_FILE: f');
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

  it('is not waited for: what has no end is refused, and what is very long', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'pipes-'));
    const long = join(folder.path, 'long');
    await writeFile(long, '');
    await truncate(long, 2 ** 33);
    const problemsOf = (path: string) => examineConfig({}, { LETTA_API_KEY_FILE: path }).problems;
    expect(problemsOf('/dev/zero')).toEqual([
      expect.stringMatching(/a readable file, but got "a pipe or a device"$/),
    ]);
    expect(problemsOf(long)).toEqual([expect.stringMatching(/, but got "more than \d+ bytes"$/)]);
  });

  it('is read for programs as well', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'options-'));
    const apiKeyFile = join(folder.path, 'key');
    await writeFile(apiKeyFile, 'key\n');
    expect(readOptions({ upstreamUrl: 'http://a.test', apiKeyFile }).apiKey).toBe('key');
    expect(() => readOptions({ upstreamUrl: 'http://a.test', apiKeyFile: folder.path })).toThrow(
      `LETTA_API_KEY_FILE: ${folder.path}: expected a readable file, but got "EISDIR"`,
    );
  });
});
