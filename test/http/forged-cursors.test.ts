import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { selectionKey } from '../../src/live/index.ts';
import { encodeSnapshot } from '../../src/live/snapshots/cursor.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const id = (number: number): string => `run-00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
const CREATED = Date.parse('2026-01-01T00:00:00Z');
const run = (number: number, fields = {}) => ({
  id: id(number),
  agent_id: 'agent-00000000-0000-4000-8000-000000000001',
  status: 'completed' as const,
  stop_reason: 'end_turn' as const,
  created_at: new Date(CREATED + number * 1000).toISOString(),
  completed_at: new Date(CREATED + number * 1000).toISOString(),
  total_duration_ns: 5,
  ...fields,
});
const RUNS = Array.from({ length: 600 }, (_, number) => run(number));
const positionOf = (number: number) => ({
  key: new Date(CREATED + number * 1000).toISOString().replace('Z', '000'),
  id: id(number),
});
const QUERY = 'subscription ($after: String) { runEvents(after: $after) { kind runId } }';
/** Its cost is 6; a query makes a request for 3 of them. */
const OPENING = 7;

/** A cursor as anybody can make it, for a list that was read up to a run. */
const cursor = (ids: readonly string[], watermark = 599, isLate = false): string =>
  encodeSnapshot(
    {
      start: null,
      watermark: positionOf(watermark),
      known: new Map(ids.map((each) => [each, { digest: 1, isLate, isShown: true }])),
      slow: new Map(),
    },
    selectionKey({ filter: {}, window: {} }),
  );
const madeUp = (count: number, name = 'f'): readonly string[] =>
  Array.from({ length: count }, (_, index) =>
    id(index).replace('0000-4000', `${name.padStart(4, '0')}-4000`),
  );

async function start(rateLimit?: number) {
  const server = await startTestGateway({ runs: RUNS, ...(rateLimit && { config: { rateLimit } }) });
  /** Subscribes, and returns the errors and ids that come within a time. */
  const watch = async (after: string, ms: number, name = 'forger') => {
    const leaving = new AbortController();
    const request = new Request('http://gateway/graphql', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        accept: 'text/event-stream',
        authorization: `Bearer ${name}`,
      },
      body: JSON.stringify({ query: QUERY, variables: { after } }),
      signal: leaving.signal,
    });
    const { body } = await server.gateway.fetch(request);
    let text = '';
    const read = async (): Promise<void> => {
      for await (const chunk of body ?? []) text += Buffer.from(chunk).toString();
    };
    await Promise.race([read().catch(() => undefined), sleep(ms)]);
    leaving.abort();
    return text;
  };
  const asked = (): number => server.upstreamRequests.length;
  return { ...server, watch, asked };
}

describe('What a cursor makes the gateway ask for is paid before', () => {
  it.each([
    ['runs that are named', () => cursor(madeUp(145), 599, true)],
    ['runs in a code', () => cursor([...madeUp(80), ...RUNS.slice(-19).map((each) => each.id)])],
    ['a position far back', () => cursor([], 0)],
  ])('34 times %s cost no more requests than they are charged for', async (_name, make) => {
    const rateLimit = 2000;
    await using server = await start(rateLimit);
    const texts: string[] = [];
    // Those who leave make the next one begin anew.
    for (let index = 0; index < 34; index++) {
      texts.push(await server.watch(make(), 250));
      if (texts.at(-1)?.includes('RATE_LIMITED')) break;
    }
    const charged = Math.min(rateLimit, texts.length * OPENING + server.asked() * 3);
    // A poll of a list is part of the opening.
    expect(server.asked()).toBeLessThanOrEqual(charged / 3 + 4 * texts.length);
    expect(server.asked()).toBeLessThan(rateLimit / 3 + 4 * texts.length);
  });

  it('by whoever sends it, and others are told as ever', async () => {
    await using server = await start(700);
    const first = await server.watch(cursor(madeUp(50)), 2000);
    expect(first.match(/REMOVED/g)).toHaveLength(50);
    const second = await server.watch(cursor(madeUp(50, 'e')), 2000);
    const third = await server.watch(cursor(madeUp(50, 'd')), 2000);
    expect(`${second}${third}`).toContain('"code":"RATE_LIMITED"');
    expect(`${second}${third}`).toMatch(/"retryAfterSeconds":\d+/);
    expect(`${second}${third}`).toMatch(/"cursor":"/);
    const other = await server.watch(cursor(madeUp(10, 'c')), 2000, 'other');
    expect(other.match(/REMOVED/g)).toHaveLength(10);
  });

  it('and where it never can be, it says to begin anew', async () => {
    await using server = await start(100);
    expect(await server.watch(cursor(madeUp(20)), 2000)).toContain('"code":"CURSOR_TOO_OLD"');
    expect(server.asked()).toBeLessThan(15);
  });

  it('and without a limit it is found out', async () => {
    await using server = await start();
    expect((await server.watch(cursor(madeUp(90)), 3000)).match(/REMOVED/g)).toHaveLength(90);
  });
});
