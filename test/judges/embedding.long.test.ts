import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/routes/server.ts';
import { RunStore } from '../../embedded-api/store/run-store.ts';
import { BLOCKS, ROOT } from '../repository/pages.ts';
import { jsonPost } from '../support/execute.ts';
import { forAll } from '../support/for-all.ts';
import { lacks } from '../support/lacks.ts';

const FOLDER = `${ROOT}examples/embedding/`;
const PROGRAMS = readdirSync(FOLDER)
  .filter((file) => file.endsWith('.ts') && file !== 'in-clone.ts')
  .map((file) => ({ file, code: readFileSync(FOLDER + file, 'utf8') }));
/** The parts of the programs that the page shows. */
const SHOWN = BLOCKS.filter(
  ({ page, text }) => page === 'docs/embedding.md' && text.includes('gateway.endpoint'),
);
const lacksPackages = lacks(`${FOLDER}node_modules`, 'run `npm --prefix examples/embedding ci`');
/** Those that need nothing but the gateway. */
const WITHOUT_PACKAGES = ['fetch.ts', 'node-http.ts'];

/** Serves the default export of the module that is named, as Bun, Deno and others do. */
const SERVE = `import { createServer } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';
const { default: app } = await import(process.argv[1]);
const server = createServer(createServerAdapter((request) => app.fetch(request)));
server.listen(0, '127.0.0.1', () => console.log(server.address()));`;

const RUN = 'run-00000001-0000-4000-8000-000000000000';
const QUERY = '{ runs(first: 1) { nodes { id } } }';
const PAGE = { data: { runs: { nodes: [{ id: RUN }] } } };
const store = new RunStore();
store.insert([{ id: RUN, agent_id: 'agent-a', created_at: '2025-01-01T00:00:01Z' }]);
const api = await forAll(startRunsApi({ store }));

/** An example in a process of its own, which is killed unless it has ended. */
async function start(args: readonly string[]) {
  const child = spawn(process.execPath, ['--import', `${FOLDER}in-clone.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], LETTA_BASE_URL: api.baseUrl, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  let printed = '';
  child.stdout.on('data', (chunk) => (printed += String(chunk)));
  await expect.poll(() => printed).toMatch(/port: \d+/);
  return {
    url: `http://127.0.0.1:${/port: (\d+)/.exec(printed)?.[1]}`,
    async stop(signal: NodeJS.Signals): Promise<unknown> {
      child.kill(signal);
      return (await closed)[0];
    },
  };
}

describe('An app with the gateway in it', () => {
  it.for(PROGRAMS)(
    '$file serves GraphQL, GraphiQL and its own pages, and ends when told to',
    async ({ file, code }, { skip, onTestFinished }) => {
      skip(lacksPackages && !WITHOUT_PACKAGES.includes(file), 'there are no packages');
      const listens = code.includes('listen(');
      const example = await start(
        listens ? [FOLDER + file] : ['--input-type=module', '--eval', SERVE, FOLDER + file],
      );
      onTestFinished(() => void example.stop('SIGKILL'));
      const endpoint = `${example.url}/api/graphql`;
      const ask = (query: string, accept: string) =>
        fetch(`${endpoint}?${new URLSearchParams({ query })}`, { headers: { accept } });
      const post = (body: string | object) => fetch(endpoint, jsonPost(body));

      expect(await (await post({ query: QUERY })).json()).toEqual(PAGE);
      expect(await (await ask(QUERY, '*/*')).json()).toEqual(PAGE);
      expect((await post('{"query":')).status).toBe(400);
      const page = await fetch(endpoint, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('NewestRuns');
      expect(await (await fetch(example.url)).text()).toBe('An app of yours');
      if (!listens) return;
      const events = await ask('subscription { runEvents { __typename } }', 'text/event-stream');
      expect(events.status).toBe(200);
      const ended = example.stop('SIGTERM');
      expect(await events.text()).toContain('SUBSCRIPTION_DRAINED');
      expect(await ended).toBe(0);
    },
  );

  it.skipIf(lacksPackages)('is well typed', async () => {
    await promisify(execFile)(`${ROOT}node_modules/.bin/tsc`, ['-p', FOLDER]);
  });

  it.each(SHOWN)('The page shows a part of a program that is tested: $text', ({ text }) => {
    expect(PROGRAMS.filter(({ code }) => code.includes(text))).toHaveLength(1);
  });
});
