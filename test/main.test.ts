import { execFile } from 'node:child_process';
import { mkdtempDisposable, readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodeProblem } from '../src/runtime/node-version.ts';
import { startProgram } from './support/program.ts';

const run = promisify(execFile);
const ROOT = new URL('..', import.meta.url).pathname;

async function ids(url: string): Promise<string[]> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query: '{ runs(first: 3) { nodes { id } } }' }),
  });
  const { data }: { data: { runs: { nodes: { id: string }[] } } } = JSON.parse(await response.text());
  return data.runs.nodes.map(({ id }) => id);
}

describe('The program', () => {
  it('serves sample runs without any configuration, and says how to get real ones', async () => {
    await using program = startProgram(['--port', '0']);
    expect(await ids(await program.url)).toHaveLength(3);
    program.process.kill('SIGTERM');
    const { code, stdout } = await program.ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^The runs in a browser: http:\/\/127\.0\.0\.1:\d+\/\nGraphQL, and GraphiQL in a browser: http:\/\/127\.0\.0\.1:\d+\/graphql\nUpstream: the embedded runs API with sample runs, at sample prices\. For real runs set LETTA_BASE_URL \(your server\) or LETTA_API_KEY \(Letta Cloud\)\.\n$/,
    );
  });

  it.each<[string, Record<string, string>, readonly string[]]>([
    ['in production', { NODE_ENV: 'production' }, ['NODE_ENV: sample runs would be served in production; ']],
    ['where others reach them', { HOST: '0.0.0.0' }, ['HOST: others can reach 0.0.0.0, ']],
    ['for a misspelt upstream', { LETTA_URL: 'http://a.test' }, ['LETTA_URL: unknown variable; expected ']],
  ])('serves no sample runs %s, and exits with 2', async (_name, env, problems) => {
    await using program = startProgram(['--port', '0'], env);
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = problems.map((problem) => expect.stringContaining(problem));
    expect(stderr.split('\n')).toEqual([...lines, 'See runs-gateway --help.', '']);
    await using told = startProgram(['--port', '0', '--sample-runs'], env);
    expect(await ids(await told.url)).toHaveLength(3);
  });

  it('logs which variables it does not know at its start', async () => {
    await using program = startProgram(['--port', '0'], {
      ACCESS_TOKEN: 'secret',
      ADMIN_PORT: 'tcp://10.0.0.1:80',
    });
    await program.url;
    program.process.kill('SIGTERM');
    const { stderr } = await program.ended;
    const messages = stderr
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).msg);
    expect(messages).toEqual([
      expect.stringContaining('ACCESS_TOKEN: unknown variable; did you mean ACCESS_TOKENS?'),
      expect.stringContaining('ADMIN_PORT: ignored, because Kubernetes has set it'),
    ]);
    expect(stderr).not.toContain('secret');
  });

  it('has runs that live unless it is told otherwise', async () => {
    const start = new Date().toISOString();
    await using program = startProgram(['--port', '0'], { LIVE: '' });
    await using alone = startProgram(['runs-api', '--port', '0', '--live']);
    const query = '{ runs(first: 1) { nodes { createdAt } } }';
    const address = `${await program.url}/graphql?query=${encodeURIComponent(query)}`;
    const { data } = Object(await (await fetch(address)).json());
    expect(data.runs.nodes[0].createdAt >= start).toBe(true);
    expect(program.printed()).toContain(
      'the embedded runs API with sample runs, some of them live, at sample prices.',
    );
    const [created] = Object(await (await fetch(`${await alone.url}/v1/runs/?limit=1`)).json());
    expect(created.created_at >= start).toBe(true);
    alone.process.kill('SIGTERM');
    expect(await alone.ended).toMatchObject({ code: 0, stderr: '' });
  });

  it('serves the runs of another server', async () => {
    await using api = startProgram(['runs-api', '--port', '0', '--runs', '50', '--password', 'sesame']);
    await using program = startProgram(['--port', '0'], {
      LETTA_BASE_URL: await api.url,
      LETTA_API_KEY: 'sesame',
    });
    expect(await ids(await program.url)).toHaveLength(3);
    program.process.kill('SIGINT');
    expect((await program.ended).stdout).toContain(`Upstream: ${await api.url}\n`);
  });

  it('serves what is like Letta Cloud, with the limits that it is given', async () => {
    const limits = ['--max-limit', '50', '--rate-limit', '50%', '--retry-after', 'none', '--latency', '1'];
    await using api = startProgram(['runs-api', '--port', '0', '--profile', 'cloud', ...limits]);
    const url = await api.url;
    const ask = async (limit: number, headers = {}) =>
      (await fetch(`${url}/v1/runs/?limit=${limit}`, { headers })).status;
    const authorization = 'Bearer any';
    const project = { authorization, 'x-project': 'nobody' };
    expect(await ask(50, { authorization })).toBe(200);
    expect(await ask(50, { authorization })).toBe(429);
    expect(await ask(51, { authorization })).toBe(422);
    expect(await ask(50, { authorization })).toBe(429);
    expect(await ask(50, project)).toBe(404);
    expect(await ask(50, project)).toBe(429);
    expect(await ask(50)).toBe(401);
    expect(api.printed()).toContain('It is like Letta Cloud: send any token');
  });

  it('reports all problems of its configuration at once, and exits with 2', async () => {
    await using program = startProgram(['--nonsense'], { PORT: 'high', LETTA_BASE_URL: 'letta' });
    const { code, stdout, stderr } = await program.ended;
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.split('\n')).toEqual([
      expect.stringMatching(/^--nonsense: unknown flag; known flags: --upstream, .*--version$/),
      'LETTA_BASE_URL: expected an http or https URL without credentials, query or fragment, such as http://localhost:8283, but got "letta"',
      'PORT: expected a whole number from 0 to 65535, but got "high"',
      'See runs-gateway --help.',
      '',
    ]);
  });

  it('reads its config file', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'config-'));
    const file = join(folder.path, 'runs-gateway.config.json');
    await writeFile(file, '{"port": 0, "upstreamUrl": "http://127.0.0.1:1"}');
    // One program finds it in its working directory, and one is told.
    await using finding = startProgram([], {}, folder.path);
    await using told = startProgram(['--config', file]);
    for (const program of [finding, told]) {
      await program.url;
      program.process.kill('SIGTERM');
      expect(await program.ended).toMatchObject({
        code: 0,
        stdout: expect.stringContaining('Upstream: http://127.0.0.1:1\n'),
      });
    }
  });

  it.each([
    ['gateway', []],
    ['embedded runs API', ['runs-api']],
  ])('tells that the port of the %s is already in use, and exits with 2', async (_name, command) => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    await using program = startProgram([...command, '--port', String(port)]);
    expect(await program.ended).toEqual({
      code: 2,
      stdout: '',
      stderr: `PORT: 127.0.0.1:${port} is already in use; choose a free one with --port\nSee runs-gateway --help.\n`,
    });
    other.close();
  });

  it('tells that an address is not local, and exits with 2', async () => {
    await using program = startProgram(['--host', '192.0.2.1', '--sample-runs']);
    expect(await program.ended).toMatchObject({
      code: 2,
      stderr:
        'HOST: 192.0.2.1 is not a local address; choose another with --host\nSee runs-gateway --help.\n',
    });
  });

  it('helps, and tells its version', async () => {
    await using help = startProgram(['--help']);
    await using version = startProgram(['--version']);
    const { code, stdout } = await help.ended;
    expect(code).toBe(0);
    for (const name of ['runs-gateway runs-api [flags]', 'runs-gateway serve --help', '--version'])
      expect(stdout).toContain(name);
    const { version: expected }: { version: string } = JSON.parse(
      await readFile(join(ROOT, 'package.json'), 'utf8'),
    );
    expect((await version.ended).stdout).toBe(`${expected}\n`);
  });
});

describe('The embedded runs API', () => {
  it('keeps its runs in a file over restarts', async () => {
    await using folder = await mkdtempDisposable(join(tmpdir(), 'runs-'));
    const args = ['runs-api', '--port', '0', '--db', join(folder.path, 'runs.db')];
    const newest: unknown[] = [];
    for (const seed of ['5', '6']) {
      await using api = startProgram([...args, '--runs', '40', '--seed', seed]);
      newest.push(await (await fetch(`${await api.url}/v1/runs/?limit=1`)).json());
      api.process.kill('SIGTERM');
      const { code, stdout } = await api.ended;
      expect(code).toBe(0);
      expect(stdout).toContain('Runs API with 40 runs and reversed cursors: http://127.0.0.1:');
    }
    // The second start found the runs of the first, so its seed made none.
    expect(newest[0]).toEqual(newest[1]);
  });

  it('tells that its file is none of its own, and exits with 2', async () => {
    await using program = startProgram(['runs-api', '--port', '0', '--db', join(ROOT, 'package.json')]);
    const { code, stderr } = await program.ended;
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /^--db: can't open \S+package\.json as a store of runs: .+\nSee runs-gateway --help\.\n$/,
    );
  });
});

describe('The package', () => {
  beforeAll(async () => {
    await run('npm', ['run', 'prepack'], { cwd: ROOT });
  }, 60_000);

  const evaluate = async (node: string, code: string): Promise<string> =>
    (await run(node, ['--input-type=module', '--eval', code], { cwd: ROOT })).stdout;

  it('is built to JavaScript that runs', async () => {
    const { stdout } = await run(process.execPath, ['dist/src/main.js', '--help'], { cwd: ROOT });
    expect(stdout).toContain('runs-gateway');
  });

  it('serves GraphiQL with all of its files', async () => {
    const code = `
      import { createGateway } from 'runs-gateway';
      const gateway = await createGateway({ upstreamUrl: 'http://127.0.0.1:1' });
      const get = (search) => gateway.fetch(
        new Request('http://localhost/graphql' + search, { headers: { accept: 'text/html' } }),
      );
      const page = await (await get('')).text();
      const files = page.match(/\\?graphiql=[\\w.-]+/g);
      console.log(JSON.stringify(await Promise.all(files.map(async (file) => (await get(file)).status))));`;
    expect(JSON.parse(await evaluate(process.execPath, code))).toEqual(Array(8).fill(200));
  });

  it('offers a gateway, its schema, and both texts of it', async () => {
    const code = `
      import { createGateway, listen } from 'runs-gateway';
      import { schema, printClientSdl, printSubgraphSdl } from 'runs-gateway/schema';
      import { readFileSync } from 'node:fs';
      import { createRequire } from 'node:module';
      const { resolve } = createRequire(process.cwd() + '/');
      const text = (name) => readFileSync(resolve('runs-gateway/' + name), 'utf8');
      console.log(JSON.stringify([
        typeof createGateway,
        typeof listen,
        schema.getQueryType().name,
        printClientSdl() === text('schema.graphql'),
        printSubgraphSdl() === text('subgraph.graphql'),
      ]));`;
    expect(JSON.parse(await evaluate(process.execPath, code))).toEqual([
      'function',
      'function',
      'Query',
      true,
      true,
    ]);
  });

  it('says in one sentence that Node is too old', async ({ skip }) => {
    const old = await oldNode();
    if (old === undefined) {
      skip('there is no Node older than 24 on the PATH');
      return;
    }
    const sentence = `runs-gateway needs Node 24 or newer, but this is Node ${old.version}.`;
    await expect(run(old.path, ['dist/src/main.js'], { cwd: ROOT })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: `${sentence}\n`,
    });
    const code = "import('runs-gateway').catch(({ message }) => console.log(message));";
    expect(await evaluate(old.path, code)).toBe(`${sentence}\n`);
  });
});

interface OldNode {
  readonly path: string;
  readonly version: string;
}

/** The first Node on the PATH that can't run the package. */
async function oldNode(): Promise<OldNode | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, 'node');
    const { stdout } = await run(path, ['--version']).catch(() => ({ stdout: '' }));
    const version = stdout.trim().slice(1);
    if (nodeProblem(version) !== undefined) return { path, version };
  }
  return undefined;
}
