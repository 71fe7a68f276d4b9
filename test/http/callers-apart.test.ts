import { describe, expect, it } from 'vitest';
import { DEFAULT_ACTOR } from '../../embedded-api/model/actors.ts';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';
import { nameOf } from '../support/agents.ts';
import { startOwnersUpstream } from '../support/owners-upstream.ts';
import { TRANSPORTS as SUBSCRIBERS } from '../support/subscriber.ts';

/** Callers with the same token who differ in one header or in two, and in nothing else. */
const CALLERS: readonly Readonly<Record<string, string>>[] = [
  {},
  { 'x-project': 'a' },
  { 'x-project': 'b' },
  { 'x-project-id': 'a' },
  { 'x-tenant': 'a' },
  { 'x-project': 'a', 'x-tenant': 'a' },
];
const OWNERS = CALLERS.map((headers, owner) => ({ owner, headers }));
const NAMES = ['x-project', 'x-project-id', 'x-tenant'];

const runId = (number: number): string => `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const agentId = (number: number): string => `agent-00000000-0000-4000-8000-00000000000${number}`;
const AGENTS = [0, 1, 2].map(agentId);
/** Each owner has as many runs, and more by its number. */
const RUNS = 20;
/** Of the first run. Lists with runs of the last hour are polled every second. */
const START = Date.now() - 60_000;

/** The runs of an owner: their ids, times and agents are those of everybody, and only the metadata tell whose they are. */
const runsOf = (owner: number) =>
  Array.from({ length: RUNS + owner }, (_, number) => ({
    id: runId(number),
    agent_id: agentId(number % 3),
    status: 'running' as const,
    created_at: new Date(START + number * 1000).toISOString(),
    metadata: { owner },
  }));

const start = async () => {
  await using starting = new AsyncDisposableStack();
  const upstream = starting.use(await startOwnersUpstream(NAMES, CALLERS));
  for (const [owner, store] of upstream.stores.entries()) {
    store.insert(runsOf(owner));
    store.agents.insert(
      AGENTS.map((id) => ({
        id,
        name: `${nameOf(id)} of ${owner}`,
        created_at: '2025-01-01T00:00:00Z',
        updated_at: '2025-01-01T00:00:00Z',
        llm_config: { model: 'm', context_window: 8000 },
      })),
    );
  }
  const config = {
    accessTokens: ['token'],
    apiKey: 'key',
    forwardHeaders: ['X-Tenant'],
    upstreamMaxInFlight: 8,
  };
  const gateway = starting.use(await createGateway({ upstreamUrl: upstream.baseUrl, ...config }));
  const listener = starting.use(await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 1000 }));
  const parts = starting.move();
  return {
    ...upstream,
    gateway,
    url: `${listener.url}/graphql`,
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
};

const TOKEN = { authorization: 'Bearer token' };

/** Queries of every way to runs and agents; each must answer with what the owner has, and with nothing else. */
const QUERIES: readonly string[] = [
  '{ runs(first: 3) { nodes { metadata } pageInfo { hasNextPage } } }',
  `{ run(id: "${runId(1)}") { metadata agent { name } } }`,
  `{ node(id: "${runId(2)}") { ... on Run { metadata } } nodes(ids: ${JSON.stringify([runId(3), ...AGENTS])}) { ... on Run { metadata } ... on Agent { name runs(first: 2) { nodes { metadata } } } } }`,
  '{ runs(last: 2, order: DESC) { nodes { metadata agent { name } } } runStats { count { value } } }',
  `{ runs(first: 2, agentId: "${agentId(1)}", statuses: [RUNNING]) { nodes { metadata } } }`,
];

/** Everything in an answer that tells whose it is. */
function ownersIn(json: string): ReadonlySet<number> {
  const metadata = [...json.matchAll(/"owner":(\d+)/g)].map(([, owner]) => Number(owner));
  const names = [...json.matchAll(/ of (\d+)"/g)].map(([, owner]) => Number(owner));
  const counts = [...json.matchAll(/"count":\{"value":(\d+)/g)].map(([, count]) => Number(count) - RUNS);
  return new Set([...metadata, ...names, ...counts]);
}

async function ask(url: string, query: string, headers: Readonly<Record<string, string>>): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...TOKEN, ...headers },
    body: JSON.stringify({ query }),
  });
  return response.text();
}

const cancel = (number: number): string =>
  `mutation { cancelRuns(ids: ["${runId(number)}"]) { runs { id status metadata } failures { code } } }`;

/** A run that is watched alone, and two of the list. */
const BEGINNINGS = ['"runUpdates":{"status":"RUNNING"', `"kind":"ADDED","runId":"${runId(RUNS - 1)}"`];
const ENDS = /"runUpdates":\{"status":"COMPLETED"|"run":\{"status":"(?:COMPLETED|CANCELLED)"/g;

describe('Callers who differ in a project or an added header alone', () => {
  it('never see or cancel what others have, by queries, batches, subscriptions and mutations', async () => {
    await using server = await start();
    const { url, stores, gateway } = server;
    const events: { readonly owner: number; readonly way: string; readonly json: string }[] = [];
    const watch = async (owner: number, way: string, query: string): Promise<void> => {
      const headers = { ...TOKEN, ...CALLERS[owner] };
      for await (const event of SUBSCRIBERS[way]?.(url, { query, headers }) ?? []) {
        events.push({ owner, way, json: JSON.stringify(event) });
      }
    };
    const updates = `subscription { runUpdates(id: "${runId(19)}") { status metadata agent { name } } }`;
    const list = `subscription { runEvents(after: "${runId(0)}") { kind runId run { status metadata agent { name } } } }`;
    const watching = OWNERS.flatMap(({ owner }) =>
      Object.keys(SUBSCRIBERS).flatMap((way) => [watch(owner, way, updates), watch(owner, way, list)]),
    );
    const load = (): Promise<string> => gateway.metrics.registry.metrics();
    await expect.poll(load).toContain(`runs_gateway_subscriptions ${watching.length}\n`);
    // Those of one caller share a poller, by whatever they have come.
    expect(await load()).toContain(`runs_gateway_pollers ${watching.length / 2}\n`);

    // What there was is told first.
    const heard = (owner: number, way: string): string =>
      events
        .filter((event) => event.owner === owner && event.way === way)
        .map(({ json }) => json)
        .join('\n');
    for (const { owner } of OWNERS) {
      for (const way of Object.keys(SUBSCRIBERS)) {
        const began = () => BEGINNINGS.every((text) => heard(owner, way).includes(text));
        await expect.poll(began).toBe(true);
      }
    }

    const answers = await Promise.all(
      OWNERS.flatMap(({ owner, headers }) => [
        ...[0, 1, 2].flatMap(() =>
          QUERIES.map(async (query) => ({ owner, json: await ask(url, query, headers) })),
        ),
        ask(url, cancel(owner), headers).then((json) => ({ owner, json })),
      ]),
    );
    for (const { owner, json } of answers) {
      expect(json).not.toContain('"errors"');
      expect([...ownersIn(json)], json).toEqual([owner]);
    }
    for (const [owner, store] of stores.entries()) {
      store.update(runId(19), { status: 'completed', stop_reason: 'end_turn' });
      const cancelled = runsOf(owner).filter(
        ({ id }) => store.retrieve(id, DEFAULT_ACTOR.organizationId)?.status === 'cancelled',
      );
      expect(cancelled.map(({ id }) => id)).toEqual([runId(owner)]);
    }
    for (const { owner } of OWNERS) {
      for (const way of Object.keys(SUBSCRIBERS)) {
        const ends = () => new Set(heard(owner, way).match(ENDS)).size;
        await expect.poll(ends).toBe(3);
        expect([...ownersIn(heard(owner, way))]).toEqual([owner]);
      }
    }
    gateway.startDraining();
    await Promise.all(watching);
  });
});
