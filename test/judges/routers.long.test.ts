import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { evenRuns, newest } from '../support/agent-runs.ts';
import { type Answer, type Headers, jsonPost } from '../support/execute.ts';
import { agentId, runId } from '../support/ids.ts';
import { type Subscribe, TRANSPORTS } from '../support/subscriber.ts';
import { type Graph, startGraph, TOKEN } from './graph.ts';
import { displayNameOf, noteText } from './neighbours.ts';
import { EXAMPLES, lacksPackages, ROUTERS, type RunningRouter, startRouter } from './router-processes.ts';

const AGENTS = 50;
const REFERENCES = 1500;
const runs = evenRuns(REFERENCES, AGENTS);
/** Once they have ended, more has changed than an event stream catches up with. */
const active = Array.from({ length: 200 }, (_, number) => newRun(number));
const AUTHORIZATION = { authorization: `Bearer ${TOKEN}` };
/** How long a router may take to start on a busy machine. */
const START_MS = 60_000;
const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const TRACE = `00-${TRACE_ID}-b7ad6b7169203331-01`;
const REQUEST_ID = 'request-of-a-client';

const bySse = TRANSPORTS['server-sent events'] as Subscribe;

type Refusal = NonNullable<Answer<unknown>['errors']>[number];

/** A run that is newer than all others, the more so the higher its number. */
function newRun(number: number) {
  const [run] = runs;
  if (run === undefined) throw new Error('There is no run');
  return {
    ...run,
    id: runId(number),
    agent_id: agentId(0),
    status: 'running' as const,
    created_at: new Date(Date.now() + number).toISOString(),
  };
}
describe.each(Object.entries(ROUTERS))('Through %s', (_name, process) => {
  const {
    refusal = 'UNAUTHENTICATED',
    streamRefusal = refusal,
    hasSubscriptions = true,
    streamError,
    leavesLate,
  } = process;
  const isMissing = process.isMissing?.() ?? false;
  const whole = it.skipIf(isMissing);
  const live = it.skipIf(isMissing || !hasSubscriptions);

  let graph: Graph;
  let router: RunningRouter;
  /** Of an event. */
  let cursor = '';
  beforeAll(async () => {
    if (isMissing) return undefined;
    graph = await startGraph([...runs, ...active]);
    router = await startRouter(process, graph);
    return async () => {
      await router[Symbol.asyncDispose]();
      await graph[Symbol.asyncDispose]();
    };
  }, START_MS);

  async function ask<Data>(query: string, headers: Headers = AUTHORIZATION) {
    graph.upstream.requests.length = 0;
    graph.lines.length = 0;
    const sent = { 'x-request-id': REQUEST_ID, traceparent: TRACE, ...headers };
    const response = await fetch(router.url, jsonPost({ query }, sent));
    return (await response.json()) as Answer<Data>;
  }

  const subscribe = (query: string, headers: Headers = AUTHORIZATION) =>
    bySse(router.url, { query, headers });

  /** The first event, or what ends the stream before. */
  async function first(query: string, headers?: Headers) {
    const events = subscribe(query, headers);
    const { value } = await events.next();
    await events.return?.();
    return value;
  }

  whole(
    'a page comes with what two neighbours know, and its request has the id and the trace of the client',
    async () => {
      const agent = agentId(7);
      const answer = await ask(
        `{ runs(first: 2, agentId: "${agent}") { nodes { id note agent { displayName } } } node(id: "product-1") { id } }`,
      );
      expect(answer).toEqual({
        data: {
          runs: {
            nodes: newest(runs, agent, 2).map((id) => ({
              id,
              note: noteText(id),
              agent: { displayName: displayNameOf(agent) },
            })),
          },
          node: { id: 'product-1' },
        },
      });
      expect(graph.lines).toMatchObject([{ message: 'Operation', fields: { requestId: REQUEST_ID } }]);
      expect(graph.upstream.requests).toMatchObject([
        { headers: { 'x-request-id': REQUEST_ID, traceparent: expect.stringContaining(TRACE_ID) } },
      ]);
    },
  );

  whole('a caller without a token is refused, and asks nothing upstream', async () => {
    const { errors } = await ask('{ runs(first: 1) { nodes { id } } }', {});
    expect(errors?.map(({ extensions }: Refusal) => extensions?.['code'])).toContain(refusal);
    expect(graph.upstream.requests).toEqual([]);
  });

  whole('an error keeps its message, its code and what else it says', async () => {
    const { data, errors } = await ask('{ runs(first: 1, after: "nonsense") { nodes { id } } }');
    expect(data).toEqual({ runs: null });
    expect(errors).toMatchObject([
      {
        message: expect.stringContaining('"nonsense" is not a cursor'),
        extensions: { code: 'INVALID_CURSOR', argument: 'after', requestId: REQUEST_ID, retryable: false },
      },
    ]);
  });

  whole('an operation that costs too much is refused before anything is asked upstream', async () => {
    const { errors } = await ask(
      '{ runs(first: 1000) { nodes { steps(first: 100) { nodes { id messages { id } } } } } }',
    );
    // The router's words, where it has a limit of its own.
    expect(errors?.[0]?.message).toMatch(/cost|complex/i);
    expect(graph.upstream.requests).toEqual([]);
  });

  live('an event comes with what a neighbour knows, and a client that leaves is no subscriber', async () => {
    const events = subscribe('subscription { runEvents { kind cursor runId run { status note } } }');
    const next = events.next();
    await graph.polled();
    graph.store.insert([newRun(1000)]);
    const { value } = await next;
    expect(value).toEqual({
      data: {
        runEvents: {
          kind: 'ADDED',
          cursor: expect.any(String),
          runId: newRun(1000).id,
          run: { status: 'RUNNING', note: noteText(newRun(1000).id) },
        },
      },
    });
    cursor = String(Object(value?.data?.['runEvents']).cursor);
    await events.return?.();
    // Hive Router finds out when it has something to send.
    if (leavesLate) graph.store.insert([newRun(1001)]);
    await expect.poll(graph.metrics).toContain('runs_gateway_subscriptions 0');
  });

  it.skipIf(isMissing || !hasSubscriptions || streamRefusal === 'none')(
    'a subscriber without a token is refused',
    async () => {
      const value = await first('subscription { runEvents { runId } }', {});
      expect(value?.errors).toMatchObject([{ extensions: { code: streamRefusal } }]);
    },
  );

  live('a cursor that is wrong, or too old, is refused with its code', async () => {
    const codes = async (after: string) => {
      const value = await first(`subscription { runEvents(after: "${after}") { runId } }`);
      return value?.errors?.map(({ extensions }: Refusal) => extensions?.['code']);
    };
    expect(await codes('nonsense')).toEqual([streamError ?? 'INVALID_CURSOR']);
    for (const { id } of active) graph.store.update(id, { status: 'failed', stop_reason: 'error' });
    expect(await codes(cursor)).toEqual(['CURSOR_TOO_OLD']);
  });

  whole(`${REFERENCES} references to ${AGENTS} agents and to as many runs are answered`, async () => {
    const { data, errors } = await ask<{ references: { run: object; agent: object }[] }>(
      `{ references(first: ${REFERENCES}) { run { id status } agent { id name displayName } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.references).toEqual(
      runs.slice(0, REFERENCES).map(({ id, status, agent_id }) => ({
        run: { id, status: status.toUpperCase() },
        agent: { id: agent_id, name: `The ${agent_id}`, displayName: displayNameOf(agent_id) },
      })),
    );
    expect(graph.upstream.requests.length).toBeLessThanOrEqual(REFERENCES + AGENTS);
  });

  whole('references that cost too much are refused with their code, and the next ones answered', async () => {
    const { errors } = await ask(
      `{ references(first: ${REFERENCES}) { run { usage { totalTokens } metrics { stepCount } agent { name } } } }`,
    );
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toContain('COST_LIMIT_EXCEEDED');
    const { data } = await ask('{ references(first: 1) { run { status } } }');
    expect(data).toMatchObject({ references: [{ run: { status: expect.any(String) } }] });
  });

  // The last one, since the gateway is gone afterwards.
  live('a gateway that drains ends its streams with a cursor to go on from', async () => {
    const end = first('subscription { runEvents { runId } }');
    await graph.polled();
    await graph.stop();
    expect((await end)?.errors).toMatchObject([
      { extensions: { code: 'SUBSCRIPTION_DRAINED', cursor: expect.any(String) } },
    ]);
  });
});

it.skipIf(lacksPackages())('The examples of routers are well typed', { timeout: START_MS }, async () => {
  await promisify(execFile)(`${EXAMPLES}../../node_modules/.bin/tsc`, ['-p', EXAMPLES]);
});
