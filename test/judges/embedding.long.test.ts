import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore } from '../../embedded-api/store/store.ts';
import { FOLDER, startExample } from './embedding/start-example.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url);

const EXAMPLES = readdirSync(FOLDER).filter((file) => file.endsWith('.ts') && file !== 'in-clone.ts');
/** Those that listen themselves; the others only have a `fetch` to be served. */
const SERVERS = new Set(['express.ts', 'fastify.ts', 'node-http.ts']);
/** Those that need nothing but the gateway. */
const WITHOUT_PACKAGES = ['fetch.ts', 'node-http.ts'];

/** What Node says where there is no network. */
const OFFLINE = /E(?:CONNREFUSED|CONNRESET|NETUNREACH|NOTFOUND|TIMEDOUT|AI_AGAIN)/;

/** Why the frameworks can't be had; undefined if they can. */
let missing: string | undefined;
const RUN = 'run-00000001-0000-4000-8000-000000000000';
let upstreamUrl: string;

beforeAll(async () => {
  const store = openStore();
  store.insert([{ id: RUN, agent_id: 'agent-a', created_at: '2025-01-01T00:00:01Z' }]);
  const api = await startRunsApi({ store });
  upstreamUrl = api.baseUrl;
  if (!existsSync(new URL('node_modules', FOLDER))) {
    await run('npm', ['ci', '--no-audit', '--no-fund'], { cwd: fileURLToPath(FOLDER) }).catch(
      (error: Error) => {
        const [code] = OFFLINE.exec(error.message) ?? [];
        // Anything else, such as a lockfile that doesn't fit, is a failure.
        if (code === undefined) throw error;
        missing = `npm ci in examples/embedding can't reach a registry: ${code}`;
      },
    );
  }
  return () => api[Symbol.asyncDispose]();
}, 60_000);

const QUERY = '{ runs(first: 1) { nodes { id } } }';
const PAGE = { data: { runs: { nodes: [{ id: RUN }] } } };

describe('An app with the gateway in it', () => {
  it.for(EXAMPLES)(
    '%s serves GraphQL, GraphiQL and its own pages, and ends when told to',
    async (file, { skip }) => {
      if (!WITHOUT_PACKAGES.includes(file)) skip(missing !== undefined, missing);
      await using example = await startExample(file, {
        upstreamUrl,
        listens: SERVERS.has(file),
      });
      const endpoint = `${example.url}/api/graphql`;
      const post = async (body: string): Promise<Response> =>
        fetch(endpoint, { method: 'POST', headers: { 'content-type': 'application/json' }, body });

      expect(await (await post(JSON.stringify({ query: QUERY }))).json()).toEqual(PAGE);
      expect(await (await fetch(`${endpoint}?${new URLSearchParams({ query: QUERY })}`)).json()).toEqual(
        PAGE,
      );
      expect((await post('{"query":')).status).toBe(400);
      const page = await fetch(endpoint, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(await page.text()).toContain('NewestRuns');
      expect(await (await fetch(example.url)).text()).toBe('An app of yours');
      if (!SERVERS.has(file)) return;
      const query = 'subscription { runEvents { __typename } }';
      const events = await fetch(`${endpoint}?${new URLSearchParams({ query })}`, {
        headers: { accept: 'text/event-stream' },
      });
      expect(events.status).toBe(200);
      const ended = example.stop();
      expect(await events.text()).toContain('SUBSCRIPTION_DRAINED');
      expect(await ended).toBe(0);
    },
  );

  it('is well typed', async ({ skip }) => {
    skip(missing !== undefined, missing);
    await run(fileURLToPath(new URL('node_modules/.bin/tsc', ROOT)), ['-p', fileURLToPath(FOLDER)]);
  });
});

describe('docs/embedding.md', () => {
  it.each(EXAMPLES)('shows %s as it is run here', (file) => {
    const page = readFileSync(new URL('docs/embedding.md', ROOT), 'utf8');
    const code = readFileSync(new URL(file, FOLDER), 'utf8');
    expect(page).toContain(`\`\`\`ts\n${code}\`\`\`\n`);
  });
});
