import { describe, expect, it } from 'vitest';
import { SingleFlight } from '../../../src/scheduling/single-flight.ts';
import { ask, codeOf } from '../../support/ask.ts';
import { settle } from '../../support/clock.ts';
import { post } from '../../support/execute.ts';
import { status } from '../../support/faults.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer } from '../../support/scripted-upstream.ts';
import { cancelNumbers, openRuns } from '../cancelling/cancel.ts';

const run = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };

/** An upstream that answers when the test says so. */
async function open() {
  const ends: ((answer: UpstreamAnswer) => void)[] = [];
  const opened = await openGatewayOver(() => {
    const { promise, resolve } = Promise.withResolvers<UpstreamAnswer>();
    ends.push(resolve);
    return promise;
  });
  /** Asks once more, for which there is a request of its own. */
  const next = async (query: string): Promise<unknown> => {
    const answer = ask(opened.gateway, 'one', query);
    await settle();
    ends.pop()?.({ body: [run] });
    return codeOf(await answer);
  };
  return { ...opened, ends, next };
}

describe.each([
  ['Identical operations', (_n: number) => '{ runs(first: 1) { nodes { id } } }'],
  ['Operations that need the same request', (n: number) => `{ a${n}: runs(first: 1) { nodes { id } } }`],
])('%s of one caller that are in flight', (_name, query) => {
  it('share a failure, which is not remembered', async () => {
    await using test = await open();
    const answers = [1, 2, 3].map((n) => ask(test.gateway, 'one', query(n)));
    await settle();
    test.ends.pop()?.(status(403));
    expect((await Promise.all(answers)).map(codeOf)).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN']);
    expect(await test.next(query(1))).toBe('served');
  });

  it('are answered although the first client leaves, and end when the last one does', async () => {
    await using test = await open();
    const client = new AbortController();
    const left = ask(test.gateway, 'one', query(1), client.signal).catch(() => undefined);
    const stays = ask(test.gateway, 'one', query(2));
    await settle();
    client.abort();
    await left;
    expect(test.upstream.requests[0]?.signal.aborted).toBe(false);
    test.ends.pop()?.({ body: [run] });
    expect(codeOf(await stays)).toBe('served');

    const clients = [1, 2].map(() => new AbortController());
    const all = clients.map(({ signal }, n) => ask(test.gateway, 'one', query(n), signal));
    const outcomes = Promise.allSettled(all);
    await settle();
    for (const each of clients) each.abort();
    await outcomes;
    await settle();
    expect(test.upstream.requests[1]?.signal.aborted).toBe(true);
    // Nobody joins what was given up.
    expect(await test.next(query(3))).toBe('served');
  });
});

it.each([
  ['{ runs(first: 1) { nodes { status } } }', '{ runs(first: 1) { nodes { status } } }'],
  ['{ runs(first: 1) { nodes { status } } }', '{ after: runs(first: 1) { nodes { status id } } }'],
])('A query after a mutation shares no request from before it: %s, then %s', async (first, next) => {
  await using test = await openRuns({ 1: {} });
  const held = Promise.withResolvers<void>();
  let lists = 0;
  test.upstream.script = async ({ path }, answerNow) => {
    const answer = await answerNow();
    if (path === '/v1/runs/' && ++lists === 1) await held.promise;
    return answer;
  };
  const before = post(test.gateway, { query: first });
  await expect.poll(() => lists).toBe(1);
  expect(await cancelNumbers(test, 1)).toEqual([['CANCELLED'], []]);
  expect(await post(test.gateway, { query: next })).toContain('"CANCELLED"');
  held.resolve();
  expect(await before).toContain('"RUNNING"');
});

it('A request that was given up is shared by nobody, however long it takes to end', async () => {
  const flights = new SingleFlight<AbortSignal>(() => undefined);
  const client = new AbortController();
  const left = flights.join('key', () => new Promise(() => undefined), client.signal);
  client.abort();
  const next = flights.join('key', async ({ signal }) => signal, new AbortController().signal);
  await expect(left).rejects.toThrow('aborted');
  expect((await next).aborted).toBe(false);
});

it('Two operations of one document that are in flight at once have each its own answer', async () => {
  await using test = await open();
  const query = 'query A { a: runs { nodes { id } } } query B { b: runs { nodes { id } } }';
  const texts = ['A', 'B'].map((operationName) => post(test.gateway, { query, operationName }));
  await settle();
  test.ends.pop()?.({ body: [run] });
  const page = { nodes: [{ id: run.id }] };
  const answers = (await Promise.all(texts)).map((text) => JSON.parse(text));
  expect(answers).toEqual([{ data: { a: page } }, { data: { b: page } }]);
});

it('A number that is too large is refused although the same operation with null is in flight', async () => {
  await using test = await open();
  const query = 'query ($first: Int) { runs(first: $first) { nodes { id } } }';
  const texts = ['null', '1e400'].map((first) =>
    post(test.gateway, `{"query":"${query}","variables":{"first":${first}}}`),
  );
  await settle();
  test.ends.pop()?.({ body: [run] });
  const answers = (await Promise.all(texts)).map((text) => codeOf(JSON.parse(text)));
  expect(answers).toEqual(['served', 'BAD_USER_INPUT']);
});
