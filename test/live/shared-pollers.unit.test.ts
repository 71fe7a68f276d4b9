import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createLive, decodeSnapshot, type Live, selectionKey, type Snapshot } from '../../src/live/index.ts';
import type { ListSelection } from '../../src/live/polls/membership.ts';
import { createLiveStore, type LiveStore, runWith } from '../support/live-store.ts';

const EVERYTHING: ListSelection = { filter: {}, window: {} };

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

function createStore(): LiveStore {
  const store = createLiveStore();
  for (let second = 10; second < 40; second++) {
    const run = runWith({ created_at: `2025-12-31T23:59:${second}Z`, status: 'running' });
    store.runs.set(run.id, run);
  }
  return store;
}

/** A run that is new at this second. */
function create(store: LiveStore, second: number): string {
  const at = `2026-01-01T00:${String(Math.floor(second / 60)).padStart(2, '0')}:${String(second % 60).padStart(2, '0')}Z`;
  const run = runWith({ created_at: at, status: 'running' });
  store.runs.set(run.id, run);
  return run.id;
}

/** Watches as one of several callers that the upstream can't tell apart. */
function watch(live: Live, store: LiveStore, caller: string, since?: Snapshot) {
  const polls: string[] = [];
  const shared = { key: 'shared', open: () => (polls.push('shared'), store.source) };
  const own = () => (polls.push(caller), store.source);
  const events = live.forCaller(caller, own, { shared }).listEvents(EVERYTHING, since);
  const ids: string[] = [];
  const client: { ids: string[]; cursor?: string; error?: unknown; isReading: boolean } = {
    ids,
    isReading: true,
  };
  const read = async (): Promise<void> => {
    try {
      for await (const event of events) {
        ids.push(event.id);
        client.cursor = event.cursor;
        while (!client.isReading) await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } catch (error) {
      client.error = error;
    }
  };
  void read();
  return { events, client, polls };
}

const sinceOf = (cursor: string | undefined): Snapshot => {
  const snapshot = decodeSnapshot(cursor ?? '', selectionKey(EVERYTHING));
  if (typeof snapshot === 'string') throw new Error(snapshot);
  return snapshot;
};

describe('Callers that the upstream cannot tell apart', () => {
  it('share a poller, which goes on when the one who began it has left', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 100, random: () => 0 });
    const one = watch(live, store, 'one');
    const two = watch(live, store, 'two');
    await vi.advanceTimersByTimeAsync(5_000);
    expect(live.load).toEqual({ subscriptions: 2, pollers: 1 });
    await one.events.return?.();
    const id = create(store, 5);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([one.client.ids, two.client.ids]).toEqual([[], [id]]);
    expect(live.load).toEqual({ subscriptions: 1, pollers: 1 });
    expect([...one.polls, ...two.polls]).not.toContain('one');
    await two.events.return?.();
    await vi.advanceTimersByTimeAsync(1);
    expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  it('with a cursor are polled for apart until they have caught up, and then together', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 100, random: () => 0 });
    const first = watch(live, store, 'one');
    await vi.advanceTimersByTimeAsync(2_000);
    create(store, 2);
    await vi.advanceTimersByTimeAsync(2_000);
    const { cursor } = first.client;
    await first.events.return?.();
    const missed = create(store, 4);
    const again = watch(live, store, 'one', sinceOf(cursor));
    const other = watch(live, store, 'two');
    await vi.advanceTimersByTimeAsync(3_000);
    expect(live.load).toEqual({ subscriptions: 2, pollers: 2 });
    expect(again.client.ids).toEqual([missed]);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(live.load).toEqual({ subscriptions: 2, pollers: 1 });
    const both = create(store, 27);
    await vi.advanceTimersByTimeAsync(5_000);
    expect([again.client.ids, other.client.ids]).toEqual([[missed, both], [both]]);
    live.drain();
    await vi.advanceTimersByTimeAsync(1);
    expect(live.load).toEqual({ subscriptions: 0, pollers: 0 });
    expect([again.client.error, other.client.error]).toEqual([
      expect.objectContaining({ cause: expect.objectContaining({ code: 'SUBSCRIPTION_DRAINED' }) }),
      expect.objectContaining({ cause: expect.objectContaining({ code: 'SUBSCRIPTION_DRAINED' }) }),
    ]);
  });

  it('cost each other nothing by a cursor that is made up, and pay for it themselves', async () => {
    const store = createStore();
    const charged: [string, number][] = [];
    const live = createLive({
      maxSubscriptions: 100,
      random: () => 0,
      charge: async (account, requests) => void charged.push([account, requests]),
    });
    const honest = watch(live, store, 'honest');
    await vi.advanceTimersByTimeAsync(2_000);
    create(store, 2);
    await vi.advanceTimersByTimeAsync(2_000);
    const { cursor } = honest.client;
    const seen = sinceOf(cursor);
    const known = new Map(seen.known);
    const [fingerprint] = known.values();
    if (fingerprint === undefined) throw new Error('Nothing is known');
    for (let i = 0; i < 50; i++) known.set(runWith({ created_at: '2025-12-31T23:59:50Z' }).id, fingerprint);
    honest.polls.length = 0;
    const forger = watch(live, store, 'forger', { ...seen, known });
    await vi.advanceTimersByTimeAsync(30_000);
    expect(charged.length).toBeGreaterThan(0);
    expect(charged.every(([account]) => account === 'forger')).toBe(true);
    expect(forger.polls).toContain('forger');
    const id = create(store, 34);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(honest.client.ids.at(-1)).toBe(id);
    expect(honest.client.error).toBeUndefined();
  });

  it('are polled for apart once they read so slowly that it costs more, and lose nothing', async () => {
    const store = createStore();
    const live = createLive({ maxSubscriptions: 100, random: () => 0 });
    const slow = watch(live, store, 'slow');
    const quick = watch(live, store, 'quick');
    await vi.advanceTimersByTimeAsync(2_000);
    slow.client.isReading = false;
    let second = 2;
    const ids: string[] = [];
    for (; second < 400; second++) {
      ids.push(create(store, second));
      await vi.advanceTimersByTimeAsync(1_000);
    }
    await vi.advanceTimersByTimeAsync(3_000);
    expect(new Set(quick.client.ids)).toEqual(new Set(ids));
    slow.client.isReading = true;
    await vi.advanceTimersByTimeAsync(60_000);
    expect(new Set(slow.client.ids)).toEqual(new Set(ids));
    expect(slow.client.error).toBeUndefined();
    expect(slow.polls).toContain('slow');
    expect(quick.polls).not.toContain('quick');
    expect(live.load).toEqual({ subscriptions: 2, pollers: 1 });
  });
});
