import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { listenOn } from '../support/listen-on.ts';
import { newFolder } from '../support/new-folder.ts';
import { startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';

const QUERY = '{runs(first:3){nodes{id createdAt}}}';

async function newest(url: string): Promise<readonly { readonly id: string; readonly createdAt: string }[]> {
  const response = await fetch(`${url}/graphql?query=${encodeURIComponent(QUERY)}`);
  return Object(await response.json()).data.runs.nodes;
}

describe('runs-gateway', () => {
  it.each<[what: string, args: readonly string[], code: number]>([
    ['a check', ['check'], 0],
    ['a start that fails', ['--port', '0', '--persisted-documents', '/nowhere'], 2],
    ['a signal', ['--port', '0'], 0],
    ['the input of MCP', ['mcp'], 0],
  ])('ends after %s, although the module of plugins keeps something open', async (_what, args, code) => {
    using folder = newFolder();
    const plugins = folder.file('plugins.mjs', 'setInterval(() => {}, 1000); export default [];');
    const all = [...args, '--upstream', 'http://127.0.0.1:1', '--plugins', plugins];
    await using program = startProgram(all);
    program.process.stdin.end();
    program.url.then(() => program.process.kill('SIGTERM')).catch(() => undefined);
    expect(await program.ended).toMatchObject({ code });
  });

  it('serves sample runs without any configuration, and says how to get real ones', async () => {
    await using program = startProgram(['--port', '0']);
    expect(await newest(await program.url)).toHaveLength(3);
    program.process.kill('SIGTERM');
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(stdout.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')).toBe(
      'The runs in a browser: http://HOST/\nGraphQL, and GraphiQL in a browser: http://HOST/graphql\n' +
        'Upstream: the embedded runs API with sample runs, at sample prices. For real runs set LETTA_BASE_URL (your server) or LETTA_API_KEY (Letta Cloud).\n',
    );
  });

  it.each<[string, Record<string, string>, string]>([
    ['in production', { NODE_ENV: 'production' }, 'NODE_ENV: sample runs would be served in production; '],
    ['for a misspelt upstream', { LETTA_URL: 'http://a.test' }, 'LETTA_URL: unknown variable; expected '],
  ])('serves no sample runs %s, unless told to', async (_name, env, problem) => {
    const { code, stdout, stderr } = await runCommand(['--port', '0'], env);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining(problem),
      'See runs-gateway serve --help.',
      '',
    ]);
    const told = await runCommand(['check', '--port', '0', '--sample-runs'], env);
    expect(told).toMatchObject({ code: 0 });
  });

  it('serves the runs of another server, by a config file in its folder, and logs variables that nothing reads', async () => {
    await using api = startProgram(['runs-api', '--port', '0', '--runs', '50', '--password', 'sesame']);
    using folder = newFolder();
    const config = JSON.stringify({ port: 0, upstreamUrl: await api.url });
    folder.file('runs-gateway.config.json', config);
    const env = { LETTA_API_KEY: 'sesame', access_tokens: 'secret' };
    await using program = startProgram([], env, folder.path);
    expect(await newest(await program.url)).toHaveLength(3);
    program.process.kill('SIGINT');
    const { code, stdout, stderr } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toContain(`Upstream: ${await api.url}\n`);
    expect(stderr).toContain('access_tokens: unknown variable; did you mean ACCESS_TOKENS?');
    expect(stderr).not.toContain('secret');
  });

  it('reports problems of the flags of a command and of the settings of the gateway together', async () => {
    const { code, stderr } = await runCommand(['doctor', '--json=x', '--port=y', '--nonsense']);
    expect(code).toBe(2);
    expect(stderr.split('\n')).toEqual([
      expect.stringContaining('--nonsense: unknown flag'),
      '--json: expected one of on, off, but got "x"',
      '--port: expected a whole number from 0 to 65535, but got "y"',
      'See runs-gateway doctor --help.',
      '',
    ]);
  });

  it.each([
    ['gateway', 'serve', 'HOST, PORT'],
    ['runs API', 'runs-api', '--host, --port'],
  ])('says that the port of the %s is already in use, and exits with 2', async (_name, command, settings) => {
    await using other = await listenOn(createServer());
    const { port } = other;
    const problem = `${settings}: listen EADDRINUSE: address already in use 127.0.0.1:${port}`;
    expect(await runCommand([command, '--port', String(port)])).toEqual({
      code: 2,
      stdout: '',
      stderr: `${problem}\nSee runs-gateway ${command} --help.\n`,
    });
  });
});

describe('runs-gateway runs-api', () => {
  it('makes the runs of its seed, and says how many until it is stopped', async () => {
    await using api = startProgram(['runs-api', '--port', '0', '--runs', '40', '--seed', '5']);
    expect(await (await fetch(`${await api.url}/v1/runs/?limit=1`)).json()).toHaveLength(1);
    api.process.kill('SIGTERM');
    expect(await api.ended).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('Runs API with 40 runs and reversed cursors: http://127.0.0.1:'),
    });
  });

  it('is like Letta Cloud with that profile, with the limits that it is given', async () => {
    const limits = ['--max-limit', '50', '--rate-limit', '50%', '--latency', '1'];
    await using api = startProgram(['runs-api', '--port', '0', '--profile', 'cloud', ...limits]);
    const url = await api.url;
    const statuses: number[] = [];
    for (const [limit, headers] of [
      [50, { authorization: 'Bearer any' }],
      [50, { authorization: 'Bearer any' }],
      [51, { authorization: 'Bearer any' }],
      [50, { authorization: 'Bearer any' }],
      [50, { authorization: 'Bearer any', 'x-project': 'nobody' }],
      [50, { authorization: 'Bearer any', 'x-project': 'nobody' }],
      [50, {}],
    ] as const) {
      statuses.push((await fetch(`${url}/v1/runs/?limit=${limit}`, { headers })).status);
    }
    expect(statuses).toEqual([200, 429, 422, 429, 404, 429, 401]);
    expect(api.printed()).toContain('It imitates Letta Cloud: send any token');
  });
});
