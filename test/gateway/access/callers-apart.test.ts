import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Gateway, GatewayOptions } from '../../../src/gateway-options.ts';
import { settle, stopClock } from '../../support/clock.ts';
import { type Headers, post } from '../../support/execute.ts';
import { runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { openOwners } from '../../support/owners.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { HANGS, type UpstreamAnswer } from '../../support/scripted-upstream.ts';
import { watch } from '../../support/watch.ts';

const NAMES = ['authorization', 'x-project', 'x-project-id', 'x-tenant'];
const [ONE, TWO, KEY] = ['one', 'two', 'key'].map((secret) => ({ authorization: `Bearer ${secret}` }));

/** Owners of runs, who differ in one of the headers that decide, or in two. */
const PROJECTS: readonly Headers[] = [
  {},
  { 'x-project': 'a' },
  { 'x-project': 'b' },
  { 'x-project-id': 'a' },
  { 'x-tenant': 'a' },
  { 'x-project': 'a', 'x-tenant': 'a' },
];

/** Who sends what, and whose runs that shows. */
interface Caller {
  readonly headers: Headers;
  readonly owner: number;
}

interface Deployment {
  readonly config: GatewayOptions;
  readonly callers: readonly Caller[];
  /** What comes upstream for each owner. */
  readonly owners: readonly Headers[];
}

const OWN = [ONE, TWO].flatMap((credentials) => PROJECTS.map((project) => ({ ...credentials, ...project })));
const FORWARDED = { forwardHeaders: ['X-Tenant'] };

const DEPLOYMENTS: Readonly<Record<string, Deployment>> = {
  'bring their credentials': {
    config: FORWARDED,
    owners: OWN,
    callers: OWN.map((headers, owner) => ({ headers, owner })),
  },
  'have access tokens': {
    config: { ...FORWARDED, accessTokens: ['one', 'two'], apiKey: 'key' },
    owners: PROJECTS.map((project) => ({ ...KEY, ...project })),
    callers: OWN.map((headers, index) => ({ headers, owner: index % PROJECTS.length })),
  },
};

const RUNS = 12;
const START = Date.parse('2026-01-01T00:00:00Z') - 60_000;
const AGENTS = [0, 1, 2].map((number) => `agent-00000000-0000-4000-8000-00000000000${number}`);

/** The ids, times and agents of an owner's runs are everybody's; metadata, names and counts tell whose they are. */
function openWorld({ config, owners }: Deployment) {
  const world = openOwners(NAMES, owners);
  for (const [owner, store] of world.stores.entries()) {
    store.insert(
      Array.from({ length: RUNS + owner }, (_, number) => ({
        id: runId(number),
        agent_id: AGENTS[number % 3] ?? '',
        status: 'running' as const,
        created_at: new Date(START + number * 1000).toISOString(),
        metadata: { owner },
      })),
    );
    const created = { created_at: '2025-01-01T00:00:00Z', updated_at: '2025-01-01T00:00:00Z' };
    const llm_config = { model: 'm', context_window: 8000 };
    store.agents.insert(AGENTS.map((id) => ({ id, name: `Of ${owner}`, llm_config, ...created })));
  }
  return { world, opening: openGatewayOver(world.answer, config) };
}

const NEWEST = {
  id: runId(99),
  agent_id: AGENTS[0] ?? '',
  status: 'running' as const,
  created_at: '2026-01-01T00:00:10Z',
};

/** Every way to runs and agents. */
const QUERIES: readonly string[] = [
  '{ runs(first: 3) { nodes { metadata } pageInfo { hasNextPage } } }',
  '{ runs(last: 2, order: DESC) { nodes { status metadata agent { name } } } runStats { count { value } } }',
  `{ runs(first: 2, agentId: "${AGENTS[1]}", statuses: [RUNNING]) { nodes { metadata } } }`,
  ...[1, 4].map((number) => `{ run(id: "${runId(number)}") { metadata agent { name } } }`),
  `{ nodes(ids: ${JSON.stringify([runId(2), ...AGENTS])}) { ... on Run { metadata } ... on Agent { name runs(first: 2) { nodes { metadata } } } } }`,
  ...['first: 5, after', 'last: 5, before', 'order: DESC, first: 5, after'].map(
    (side) =>
      `query ($cursor: String) { runs(${side}: $cursor) { nodes { id metadata } pageInfo { hasNextPage hasPreviousPage } } }`,
  ),
];

const FAULTS: readonly (UpstreamAnswer | Promise<never>)[] = [
  { status: 503, body: {} },
  { status: 500, body: {} },
  Object.assign(new Error('reset'), { code: 'UND_ERR_SOCKET' }),
  { status: 422, body: {} },
  { body: {} },
  { body: '[{' },
  HANGS,
];

interface Act {
  readonly caller: number;
  readonly query: number;
  /** The run that is the cursor, for queries with one. */
  readonly at: number;
  /** Turns of the event loop after which the client leaves. */
  readonly leaves: number | undefined;
}

interface Round {
  readonly acts: readonly Act[];
  /** An owner for whom the upstream fails, and how. */
  readonly failing: readonly [owner: number, fault: number] | undefined;
}

/** Few callers and queries in each case, so that they meet. */
const rounds = ({ callers }: Deployment): fc.Arbitrary<readonly Round[]> =>
  fc
    .record({
      callers: fc.uniqueArray(fc.nat(callers.length - 1), { minLength: 2, maxLength: 4 }),
      queries: fc.uniqueArray(fc.nat(QUERIES.length - 1), { minLength: 1, maxLength: 3 }),
    })
    .chain((few) => {
      const act = fc.record({
        caller: fc.constantFrom(...few.callers),
        query: fc.constantFrom(...few.queries),
        at: fc.constantFrom(0, 5, RUNS - 1),
        leaves: fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, fc.nat(4)),
      });
      const owner = fc.constantFrom(...few.callers).map((caller) => callers[caller]?.owner ?? 0);
      const round = fc.record({
        acts: fc.array(act, { minLength: 4, maxLength: 24 }),
        failing: fc.option(fc.tuple(owner, fc.nat(FAULTS.length - 1)), { nil: undefined, freq: 2 }),
      });
      return fc.array(round, { minLength: 1, maxLength: 5 });
    });

/** Everything in an answer that tells whose it is. */
function ownersIn(json: string): ReadonlySet<number> {
  const told = [...json.matchAll(/"owner":(\d+)|"Of (\d+)"/g)].map(([, row, name]) => Number(row ?? name));
  const counts = [...json.matchAll(/"count":\{"value":(\d+)/g)].map(([, count]) => Number(count) - RUNS);
  return new Set([...told, ...counts]);
}

const ask = (gateway: Gateway, { query, at }: Act, headers: Headers, signal?: AbortSignal): Promise<string> =>
  post(gateway, { query: QUERIES[query], variables: { cursor: runId(at) } }, headers, signal);

describe.each(Object.entries(DEPLOYMENTS))('Callers who %s', (_name, deployment) => {
  const { callers } = deployment;
  const callerOf = (index: number): Caller => callers[index] ?? expect.unreachable();

  it('are answered as if each were alone, whatever others ask and break', async () => {
    const clock = stopClock();
    const { world, opening } = openWorld(deployment);
    await using opened = await opening;
    const { upstream, another } = opened;
    let failing: Round['failing'];
    upstream.script = async (request, next) => {
      await settle(upstream.requests.length % 4);
      const fails = request.method === 'GET' && failing?.[0] === world.ownerOf(request);
      return fails ? (FAULTS[failing?.[1] ?? 0] ?? HANGS) : next();
    };
    await using alone = new AsyncDisposableStack();
    const references = await Promise.all(callers.map(() => another()));
    for (const reference of references) alone.use(reference);

    const check = async (gateway: Gateway, all: readonly Round[]): Promise<void> => {
      const broken = new Set<number>();
      for (const { acts, failing: fails } of all) {
        failing = fails;
        if (fails !== undefined) broken.add(fails[0]);
        const answering = acts.map(async (act) => {
          const client = new AbortController();
          const answer = ask(gateway, act, callerOf(act.caller).headers, client.signal).catch(() => 'left');
          if (act.leaves !== undefined) await settle(act.leaves).then(() => client.abort());
          return answer;
        });
        const answers = await clock.until(Promise.all(answering));
        failing = undefined;
        for (const [index, act] of acts.entries()) {
          const { headers, owner } = callerOf(act.caller);
          const text = answers[index] ?? '';
          expect([...ownersIn(text)].filter((other) => other !== owner)).toEqual([]);
          if (broken.has(owner) || act.leaves !== undefined) continue;
          const reference = references[act.caller] ?? expect.unreachable();
          expect(text).toBe(await clock.until(ask(reference, act, headers)));
        }
      }
    };
    await fc.assert(
      fc.asyncProperty(rounds(deployment), async (all) => {
        await using gateway = await another();
        await check(gateway, all);
      }),
      { numRuns: propertyRuns(15) },
    );
  });

  it('get by runEvents and runUpdates all that happens to their own runs, and nothing of others', async () => {
    const clock = stopClock();
    const { world, opening } = openWorld(deployment);
    await using opened = await opening;
    const { gateway } = opened;
    const [first, watched, last] = [runId(0), runId(1), runId(RUNS - 1)];
    const queries = [
      `subscription { runUpdates(id: "${watched}") { status metadata agent { name } } }`,
      `subscription { runEvents(after: "${first}") { kind runId run { status metadata agent { name } } } }`,
    ];
    const streams = callers.flatMap(({ headers, owner }) =>
      queries.map((query) => ({ owner, stream: watch(gateway, query, { headers }) })),
    );
    await clock.pass(10_000);
    for (const store of world.stores) {
      store.update(watched, { status: 'completed', stop_reason: 'end_turn', total_duration_ns: 5 });
      store.insert([{ ...NEWEST, metadata: { owner: world.stores.indexOf(store) } }]);
    }
    await clock.pass(20_000);
    for (const [index, { owner, stream }] of streams.entries()) {
      const text = JSON.stringify([stream.events, stream.values]);
      expect([...ownersIn(text)]).toEqual([owner]);
      const told = index % 2 === 0 ? ['"RUNNING"', '"COMPLETED"'] : [last, '"COMPLETED"', NEWEST.id];
      for (const each of told) expect(text).toContain(each);
    }
  });
});
