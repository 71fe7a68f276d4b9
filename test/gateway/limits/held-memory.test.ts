import { describe, expect, it } from 'vitest';
import { bytesOfJson } from '../../../src/json/json-size.ts';
import { createMemory, MAX_ACCOUNT_BYTES } from '../../../src/scheduling/held-memory.ts';
import { headersOf } from '../../support/ask.ts';
import { settle } from '../../support/clock.ts';
import { graphqlRequest, type Headers } from '../../support/execute.ts';
import { fillMemory } from '../../support/fill-memory.ts';
import { runId } from '../../support/ids.ts';
import { liveRun } from '../../support/live-runs.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { watch } from '../../support/watch.ts';
import { openLive, RUNNING } from '../live/open-live.ts';

const MEBIBYTE = 1024 * 1024;
/** A caller that holds nearly as much as it may, and one that holds nothing. */
const [FULL, OTHER] = [headersOf('full'), headersOf('other')];
const METADATA = { text: 'x'.repeat(20_000) };
/** Fields that make an answer of 200 KB from a run of 20 KB. */
const LARGE = Array.from({ length: 10 }, (_, n) => `m${n}: metadata`).join(' ');

describe('The memory that is held', () => {
  it('has a limit for each account, and one for all', () => {
    const open = createMemory();
    const [full, more, other, third] = [open('a'), open('a'), open('b'), open('c')];
    expect(full.set(MAX_ACCOUNT_BYTES)).toBe(true);
    expect([full.add(1), more.set(1), full.open().set(1)]).toEqual([false, false, false]);
    expect([other.set(MAX_ACCOUNT_BYTES), third.set(1)]).toEqual([true, false]);
    expect([full.set(10), more.set(MAX_ACCOUNT_BYTES - 10)]).toEqual([true, true]);
  });

  it('is free once it is released, for good', () => {
    const open = createMemory();
    const [first, next] = [open('a'), open('a')];
    expect([first.add(MEBIBYTE), first.add(MAX_ACCOUNT_BYTES - MEBIBYTE)]).toEqual([true, true]);
    first.release();
    expect(next.set(MAX_ACCOUNT_BYTES)).toBe(true);
    // What comes late, such as the last chunk of a body, counts no more.
    expect([first.add(1), first.set(MEBIBYTE)]).toEqual([true, true]);
    next.release();
    expect(open('a').set(MAX_ACCOUNT_BYTES)).toBe(true);
  });
});

/** A gateway of whose memory a caller holds all but 100 KB, until it leaves. */
async function openFull() {
  const test = await openGateway({ runs: [liveRun(1, { metadata: METADATA })] });
  const leave = fillMemory(test.gateway, 100_000, FULL);
  await expect.poll(() => test.gateway.metrics.registry.metrics()).toContain('runs_gateway_subscriptions 1');
  const ask = async (headers: Headers, query: string, variables = {}, accept = 'application/json') => {
    const request = graphqlRequest({ query, variables }, { ...headers, accept });
    const response = await test.gateway.fetch(request);
    const { errors } = Object(await response.json());
    return [response.status, response.headers.get('retry-after'), errors?.[0].extensions.code];
  };
  return { ...test, leave, ask };
}

describe('A caller that holds nearly as much as it may', () => {
  it.each<[string, string, object?]>([
    ['whose answer', `{ run(id: "${runId(1)}") { ${LARGE} } }`],
    ['whose document', `{ ${Array.from({ length: 300 }, (_, n) => `a${n}: __typename`).join(' ')} }`],
    ['whose variables', '{ __typename }', { text: 'x'.repeat(10_000) }],
  ])('is refused an operation %s would be more, and nobody else is', async (_what, query, variables) => {
    await using test = await openFull();
    expect(await test.ask(FULL, query, variables)).toEqual([503, '1', 'OVERLOADED']);
    expect(await test.ask(FULL, '{ __typename }')).toEqual([200, null, undefined]);
    expect(await test.ask(OTHER, query, variables)).toEqual([200, null, undefined]);
    test.leave();
    await expect.poll(() => test.ask(FULL, query, variables)).toEqual([200, null, undefined]);
  });

  it('is refused what the runs API would send for it', async () => {
    await using test = await openFull();
    test.store.update(runId(1), { metadata: { text: 'x'.repeat(100_000) } });
    for (const field of [`run(id: "${runId(1)}") { id }`, 'runs { nodes { id } }']) {
      const { errors } = await test.execute(`{ ${field} }`, {}, FULL);
      expect(errors?.[0]?.extensions).toMatchObject({ code: 'OVERLOADED', retryAfterSeconds: 1 });
    }
    expect(await test.execute('{ runs { nodes { id } } }', {}, OTHER)).not.toHaveProperty('errors');
  });

  it('learns what its mutation has done, or that it was executed', async () => {
    await using test = await openFull();
    test.store.insert([liveRun(2, { metadata: { text: 'x'.repeat(100_000) } })]);
    const cancel = (id: string) =>
      test.execute(`mutation { cancelRuns(ids: ["${id}"]) { runs { id metadata } } }`, {}, FULL);
    expect(await cancel(runId(1))).not.toHaveProperty('errors');
    expect((await cancel(runId(2))).errors).toEqual([
      expect.objectContaining({
        message: expect.stringContaining('was executed'),
        extensions: expect.objectContaining({ code: 'OVERLOADED', retryable: false }),
      }),
    ]);
    expect(test.store.find(runId(2))?.status).toBe('cancelled');
  });
});

describe('The events of a stream, in the memory of a caller,', () => {
  /** A stream of events with forty times the text of a run, whose caller may hold 70 KB for them. */
  const open = async () => {
    const test = await openLive();
    const leave = fillMemory(test.gateway, 140_000, FULL);
    const fields = Array.from({ length: 40 }, (_, n) => `m${n}: metadata`).join(' ');
    const query = `subscription ($after: String) { runEvents(after: $after) { cursor run { ${fields} } } }`;
    const subscribe = (after?: string) => watch(test.gateway, query, { variables: { after }, headers: FULL });
    const client = subscribe();
    await test.clock.pass(5_000);
    const change = async (text: string) => {
      test.store.update(RUNNING.id, { metadata: { text } });
      await test.clock.pass(15_000);
    };
    return { ...test, leave, subscribe, client, change };
  };

  it('count only until they were read', async () => {
    await using test = await open();
    for (const text of ['a', 'b', 'c']) await test.change(text.repeat(1_000));
    expect(test.client.events).toHaveLength(3);
  });

  it('end the stream with a cursor to go on from if they are too much', async () => {
    await using test = await open();
    await test.change('a'.repeat(1_000));
    await test.change('b'.repeat(3_000));
    const [{ cursor } = {}, ...others] = test.client.events;
    expect(others).toEqual([]);
    expect(test.client).toMatchObject({
      isOver: true,
      error: { code: 'OVERLOADED', retryable: true, retryAfterSeconds: 1, cursor },
    });
    test.leave();
    const next = test.subscribe(cursor);
    await test.clock.pass(5_000);
    expect(next.events).toHaveLength(1);
  });
});

it('A list that is watched counts in the memory of a caller until nobody watches it', async () => {
  const runs = Array.from({ length: 50 }, (_, n) => liveRun(n + 1));
  await using test = await openLive({ runs });
  const fill = async () => {
    const leave = fillMemory(test.gateway, 9_000, FULL);
    await settle();
    const metrics = await test.gateway.metrics.registry.metrics();
    leave();
    await settle();
    return /runs_gateway_subscriptions (\d+)/.exec(metrics)?.[1];
  };
  const client = watch(test.gateway, 'subscription { runEvents { runId } }', { headers: FULL });
  await test.clock.pass(5_000);
  // Its stream alone: the one that fills the memory is refused.
  expect(await fill()).toBe('1');
  void client.close();
  await settle();
  expect(await fill()).toBe('1');
});

describe('Responses of the runs API', () => {
  it('that would take too much memory are refused before they are parsed', async () => {
    const body = `[${'{},'.repeat(3_000_000)}which is not JSON`;
    await using open = await openGatewayOver(() => ({ body }));
    const id = `"${runId(1)}"`;
    const fields = [`run(id: ${id}) { metadata }`, 'runs { nodes { id } }', 'agents { nodes { id } }'];
    for (const field of fields) {
      const { errors } = await open.execute(`{ ${field} }`);
      expect(errors?.[0]?.extensions).toMatchObject({
        code: 'UPSTREAM_INVALID_RESPONSE',
        maxBytes: 128 * MEBIBYTE,
      });
    }
  });

  it('are not refused for much text', async () => {
    expect(bytesOfJson(Buffer.from(JSON.stringify(['{,'.repeat(1_000), '"[:'])))).toBeLessThan(3_000);
  });
});
