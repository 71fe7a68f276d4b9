import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { newFolder } from '../support/new-folder.ts';
import { runCommand } from '../support/run-command.ts';

const EXAMPLES = fileURLToPath(new URL('../../examples/', import.meta.url));

const checkConfig = (env: Record<string, string>, ...args: string[]) => runCommand(['check', ...args], env);

describe('runs-gateway check config', () => {
  it('says that a configuration can be used, and warns of what it ignores', async () => {
    expect(await checkConfig({ LETTA_BASE_URL: 'http://127.0.0.1:1', access_tokens: 'x' })).toEqual({
      code: 0,
      stdout:
        'Warning: access_tokens: unknown variable; did you mean ACCESS_TOKENS?\nThe configuration is valid.\n',
      stderr: '',
    });
  });

  it('names everything that would keep the gateway from starting, and exits with 2', async () => {
    const { code, stdout, stderr } = await checkConfig({ PORT: 'x', NODE_ENV: 'production' }, '--nonsense');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('--nonsense: unknown flag'),
      expect.stringContaining('PORT: expected a whole number'),
      expect.stringContaining('NODE_ENV: sample runs would be served in production'),
      '',
    ]);
  });

  it('prints all settings with --print, where they come from, and no secret', async () => {
    using folder = newFolder();
    const config = folder.file('config.json', '{"maxCost": 7, "accessTokens": ["s3cret"]}');
    const key = folder.file('key', 's3cret-key');
    const env = { LETTA_API_KEY_FILE: key, HOST: '::1', HTTPS_PROXY: 'http://user:s3cret@proxy.test' };
    const { code, stdout } = await checkConfig(env, '--print', '--config', config, '--port', '5');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    for (const line of [
      'upstreamUrl: "https://api.letta.com" (default)',
      `apiKey: (set) (LETTA_API_KEY_FILE: ${key})`,
      `apiKeyFile: ${JSON.stringify(key)} (LETTA_API_KEY_FILE)`,
      `accessTokens: (set) (${config}: accessTokens)`,
      'routerSecrets: [] (default)',
      'host: "::1" (HOST)',
      'adminHost: "::1" (default)',
      'port: 5 (--port)',
      `maxCost: 7 (${config}: maxCost)`,
      'adminPort: - (default)',
      'Proxy: http://proxy.test',
      'The configuration is valid.',
    ]) {
      expect(lines).toContain(line);
    }
    expect(stdout).not.toContain('s3cret');
  });
});

describe('runs-gateway check documents', () => {
  it.each([
    ['relay', ['RunsPageQuery: cost depends on its variables', 'RunQuery: cost 2 without variables']],
    ['node', ['RunsPage: cost depends on its variables']],
    ['apollo', ['Runs: cost depends on its variables']],
  ])('has nothing against the manifest of examples/%s', async (example, lines) => {
    const file = `${EXAMPLES}${example}/__generated__/persisted-documents.json`;
    const { code, stdout, stderr } = await runCommand(['check', 'documents', file]);
    expect([code, stderr]).toEqual([0, '']);
    for (const line of lines) expect(stdout).toContain(` ${line}\n`);
    expect(stdout).toMatch(/: \d documents?, 0 problems\n$/);
  });

  it('tells each problem with its document and where it is, and exits with 1', async () => {
    using folder = newFolder();
    const file = folder.file(
      'bad.json',
      JSON.stringify({ 'id-1': 'query A {\n  runs { nope }\n}', 'id-2': '{', 'id-3': '{ __typename }' }),
    );
    const { code, stdout, stderr } = await runCommand(['check', 'documents', file]);
    expect(code).toBe(1);
    expect(stdout).toBe(`id-3 unnamed: cost 0 without variables\n${file}: 3 documents, 2 problems\n`);
    expect(stderr.trim().split('\n')).toEqual([
      `${file}: id-1 (A): Cannot query field "nope" on type "RunConnection". Did you mean "nodes"? (line 2, column 10)`,
      `${file}: id-2: Syntax Error: Expected Name, found <EOF>. (line 1, column 2)`,
    ]);
  });
});

it('A gateway does not start with a manifest that is wrong, and tells the first of many problems', async () => {
  using folder = newFolder();
  const entries = Array.from({ length: 30 }, (_, index) => [`id-${index}`, '{ x }']);
  const file = folder.file('bad.json', JSON.stringify(Object.fromEntries(entries)));
  const { code, stderr } = await runCommand(['--port', '0', '--persisted-documents', file]);
  expect(code).toBe(2);
  const lines = stderr.trim().split('\n');
  expect(lines).toHaveLength(22);
  expect(lines[0]).toBe(
    `PERSISTED_DOCUMENTS: ${file}: id-0: Cannot query field "x" on type "Query". (line 1, column 3)`,
  );
  expect(lines[20]).toMatch(/: 10 more; runs-gateway check documents prints all of them$/);
});
