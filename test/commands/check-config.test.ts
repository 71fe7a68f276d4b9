import { mkdtempDisposable, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../support/run-command.ts';

const check = (env: Record<string, string>, ...args: string[]) => runCommand(['check', ...args], env);

describe('runs-gateway check config', () => {
  it('says that a configuration can be used, and warns of what it ignores', async () => {
    expect(await check({ LETTA_BASE_URL: 'http://127.0.0.1:1', ACCESS_TOKEN: 'x' })).toEqual({
      code: 0,
      stdout:
        'Warning: ACCESS_TOKEN: unknown variable; did you mean ACCESS_TOKENS?\nThe configuration can be used.\n',
      stderr: '',
    });
  });

  it('names everything that would keep the gateway from starting, and exits with 2', async () => {
    const { code, stdout, stderr } = await check({ PORT: 'x', NODE_ENV: 'production' }, '--nonsense');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('--nonsense: unknown flag'),
      expect.stringContaining('PORT: expected a whole number'),
      expect.stringContaining('NODE_ENV: sample runs would be served in production'),
      '',
    ]);
  });

  it('prints all settings with --print, where they come from, and no secret', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'print-'));
    const [config, key] = [join(folder.path, 'config.json'), join(folder.path, 'key')];
    await writeFile(config, '{"maxCost": 7, "accessTokens": ["s3cret"]}');
    await writeFile(key, 's3cret-key');
    const env = { LETTA_API_KEY_FILE: key, HOST: '::1', HTTPS_PROXY: 'http://user:s3cret@proxy.test' };
    const { code, stdout } = await check(env, '--print', '--config', config, '--port', '5');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    for (const line of [
      'upstreamUrl: "https://api.letta.com" (default)',
      `apiKey: (set) (LETTA_API_KEY_FILE: ${key})`,
      `apiKeyFile: ${JSON.stringify(key)} (LETTA_API_KEY_FILE)`,
      `accessTokens: (set) (${config}: accessTokens)`,
      'routerSecrets: [] (default)',
      'host: "::1" (HOST)',
      'port: 5 (--port)',
      `maxCost: 7 (${config}: maxCost)`,
      'adminPort: - (default)',
      'Proxy: http://proxy.test',
      'The configuration can be used.',
    ]) {
      expect(lines).toContain(line);
    }
    expect(stdout).not.toContain('s3cret');
  });
});
