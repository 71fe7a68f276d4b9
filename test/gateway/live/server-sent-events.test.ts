import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import type { Gateway } from '../../../src/gateway-options.ts';
import { stopClock } from '../../support/clock.ts';
import { graphqlRequest } from '../../support/execute.ts';
import { mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { watchRuns } from '../../support/watch.ts';

const NOW = '2026-01-01T00:15:00Z';
const UPDATES = `subscription { runUpdates(id: "${mixedRunId(1)}") { status } }`;

const requestOf = (query: string, init?: RequestInit) =>
  graphqlRequest({ query }, { accept: 'text/event-stream' }, init);

/** Sends an operation as clients of event streams do, and reads what comes, as it comes. */
async function open(gateway: Gateway, query: string, init?: RequestInit) {
  const response = await gateway.fetch(requestOf(query, init));
  const stream = { response, text: '', hasEnded: false };
  const read = async (): Promise<void> => {
    for await (const part of response.body ?? []) stream.text += Buffer.from(part).toString();
    stream.hasEnded = true;
  };
  read().catch(() => undefined);
  return stream;
}

describe('Server-sent events', () => {
  it('are one for each result, a comment while nothing happens, and one at the end', async () => {
    const clock = stopClock(NOW);
    await using test = await openGateway({ runs: [runAt(1, 890, { status: 'running' })] });
    const stream = await open(test.gateway, UPDATES);
    expect(stream.response.status).toBe(200);
    expect(Object.fromEntries(stream.response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await clock.pass(13_000);
    // A comment comes first, so that proxies pass the headers on.
    const running = 'event: next\ndata: {"data":{"runUpdates":{"status":"RUNNING"}}}\n\n';
    expect(stream.text).toMatch(new RegExp(`^(?::\n\n)+${RegExp.escape(running)}(?::\n\n)+$`));
    test.store.update(mixedRunId(1), { status: 'completed', stop_reason: 'end_turn', total_duration_ns: 5 });
    await clock.pass(5000);
    expect(stream.text.replaceAll(/^:\n\n/gm, '')).toBe(
      `${running}event: next\ndata: {"data":{"runUpdates":{"status":"COMPLETED"}}}\n\nevent: complete\ndata:\n\n`,
    );
    expect(stream.hasEnded).toBe(true);
  });

  it('are all there for a client that reads late, also after comments', async () => {
    const clock = stopClock(NOW);
    await using test = await openGateway({ runs: [runAt(1, 890)] });
    const client = watchRuns(test.gateway);
    await clock.pass(60_000);
    client.isReading = false;
    // So many comments that one waits for the client, and the events behind it.
    await clock.pass(60_000);
    const added = Array.from({ length: 20 }, (_, index) => runAt(2 + index, 1015));
    test.store.insert(added);
    await clock.pass(5000);
    client.isReading = true;
    await clock.pass(5000);
    expect(client.events.map((event) => event.runId).toSorted()).toEqual(
      added.map(({ id }) => id).toSorted(),
    );
  });

  it.each([
    ['a query', '{ __typename }', '{"data":{"__typename":"Query"}}'],
    ['a query that fails', '{', expect.stringContaining('"code":"GRAPHQL_PARSE_FAILED"')],
    [
      'a subscription that cannot begin',
      'subscription { runEvents(after: "x") { kind } }',
      expect.stringContaining('"code":"INVALID_CURSOR"'),
    ],
  ])('have the only result of %s', async (_name, query, result) => {
    const clock = stopClock(NOW);
    await using test = await openGateway();
    const stream = await open(test.gateway, query);
    await clock.pass(0);
    const [, json = ''] =
      /^:\n\nevent: next\ndata: (.+)\n\nevent: complete\ndata:\n\n$/.exec(stream.text) ?? [];
    expect([json, stream.response.status]).toEqual([result, 200]);
  });
});

setFlagsFromString('--expose-gc');
const collectGarbage: NodeJS.GCFunction = runInNewContext('gc');

const subscriptionsOf = async ({ metrics }: Gateway) =>
  /^runs_gateway_subscriptions (\d+)$/m.exec(await metrics.registry.metrics())?.[1];

describe('A subscription by server-sent events', () => {
  it.each([
    'before it is read',
    'after its first event',
    'when it is full',
    'by the signal of its request',
    'by that signal after a garbage collection',
  ])('that is cancelled %s makes no more requests, and holds nothing', async (when) => {
    const clock = stopClock(NOW);
    await using test = await openGateway({ runs: [runAt(1, 890, { status: 'running' })] });
    const client = new AbortController();
    const { body } = await test.gateway.fetch(requestOf(UPDATES, { signal: client.signal }));
    expect(await subscriptionsOf(test.gateway)).toBe('1');
    const reader = body?.getReader();
    if (when === 'after its first event') {
      await reader?.read();
      await clock.pass(1000);
      await reader?.read();
    }
    for (let number = 0; number < (when === 'when it is full' ? 10 : 0); number++) {
      test.store.update(mixedRunId(1), { metadata: { number } });
      await clock.pass(1100);
    }
    if (when.endsWith('collection')) collectGarbage();
    if (when.startsWith('by')) client.abort();
    else await reader?.cancel();
    await clock.pass(2000);
    expect(await subscriptionsOf(test.gateway)).toBe('0');
    const { length } = test.upstream.requests;
    await clock.pass(60_000);
    expect(test.upstream.requests).toHaveLength(length);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('whose client leaves before it has begun holds nothing', async () => {
    const clock = stopClock(NOW);
    const client = new AbortController();
    const plugins = [{ onSubscribe: () => client.abort() }];
    await using test = await openGateway({
      runs: [runAt(1, 890, { status: 'running' })],
      config: { plugins },
    });
    await open(test.gateway, 'subscription { runEvents { kind } }', { signal: client.signal });
    await clock.pass(2000);
    expect([client.signal.aborted, await subscriptionsOf(test.gateway)]).toEqual([true, '0']);
  });
});

it.each([
  // Hive Gateway, urql, Hive Router, and clients that prefer JSON.
  ['text/event-stream', 'text/event-stream', 'text/event-stream'],
  [
    'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
    'text/event-stream',
    'application/graphql-response+json; charset=utf-8',
  ],
  ['multipart/mixed;subscriptionSpec="1.0", text/event-stream', 'text/event-stream', 'multipart/mixed'],
  ['text/event-stream;q=0.5, */*', 'text/event-stream', 'application/json; charset=utf-8'],
])('A client that accepts %s gets events as %s, and answers as %s', async (accept, events, answers) => {
  await using test = await openGateway();
  const headers = { 'content-type': 'application/json', accept };
  const ask = async (query: string) => {
    const { response } = await open(test.gateway, query, { headers });
    return [response.status, response.headers.get('content-type')];
  };
  expect(await ask(UPDATES)).toEqual([200, events]);
  expect(await ask('{ __typename }')).toEqual([200, expect.stringContaining(answers)]);
});
