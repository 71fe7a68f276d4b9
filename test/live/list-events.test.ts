import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import {
  createLive,
  decodeSeen,
  selectionKey,
  type Live,
  type ListEvent,
  StreamError,
} from '../../src/live/index.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import type { Run } from '../../src/runs/run.ts';
import { createFold, isFixed, stateOf } from '../support/event-fold.ts';
import { createLiveStore, type LiveStore, matching, runWith, sleep } from '../support/live-store.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { seededRandom } from '../support/seeded-random.ts';

beforeEach(() => void vi.useFakeTimers({ now: new Date('2026-01-01T00:00:00Z') }));
afterEach(() => void vi.useRealTimers());

const FILTERS: readonly RunFilter[] = [
  {},
  { agentId: 'agent-1' },
  { statuses: ['running'] },
  { statuses: ['failed', 'completed'] },
  { active: true },
  { background: true },
  { stopReason: 'error', agentIds: ['agent-1', 'agent-2'] },
];

const AGENTS = ['agent-1', 'agent-2', 'agent-3'];

/** Changes the store at random: several runs at one instant, late ones, and runs that go on. */
function createWriter(store: LiveStore, random: () => number) {
  let changes = 0;
  /** When old runs went on. That they did is noticed by the next poll, unless they have ended by then. */
  const wentOn = new Map<string, number>();
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(random() * items.length)];
  const put = (run: Run, fields: Partial<Run>): void => {
    changes += 1;
    store.runs.set(run.id, { ...run, metadata: { changes }, ...fields });
  };
  const create = (): void => {
    const lateMs = random() < 0.3 ? Math.floor(random() * 5000) : 0;
    const fraction = random() < 0.5 ? '.000000' : `.${String(Math.floor(random() * 1e6)).padStart(6, '0')}`;
    const at = new Date(Date.now() - lateMs).toISOString().slice(0, 19) + fraction;
    const run = runWith({ created_at: `${at}Z`, agent_id: pick(AGENTS), background: random() < 0.5 });
    put(run, { status: pick(['created', 'running', 'completed', 'failed'] as const) ?? null });
  };
  return (): void => {
    const all = [...store.runs.values()];
    const active = all
      .filter(({ status }) => status === 'created' || status === 'running')
      .filter(({ id }) => Date.now() - (wentOn.get(id) ?? 0) > 40_000);
    const recent = all.filter(({ createdAt }) => Date.now() - Date.parse(createdAt) < 2000);
    const chance = random();
    const run = pick(active);
    if (chance < 0.4 || run === undefined) return create();
    if (chance < 0.6) return put(run, { status: 'running' });
    if (chance < 0.8) {
      const failed = random() < 0.5;
      return put(run, { status: failed ? 'failed' : 'completed', stopReason: failed ? 'error' : 'end_turn' });
    }
    if (chance < 0.9) return void store.runs.delete((pick([...active, ...recent]) ?? run).id);
    const ended = pick(all.filter(({ status }) => status === 'completed'));
    if (ended === undefined) return;
    put(ended, { status: 'running', stopReason: null });
    if (Date.now() - Date.parse(ended.createdAt) > 8000) wentOn.set(ended.id, Date.now());
  };
}

it('Events tell of every change once, whoever writes, and wherever a client comes back', async () => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...FILTERS), fc.noShrink(fc.integer()), async (filter, seed) => {
      const draw = seededRandom(seed);
      const store = createLiveStore();
      const write = createWriter(store, draw);
      for (let run = 0; run < 150; run++) {
        const old = runWith({
          created_at: '2025-12-31T00:00:00Z',
          agent_id: AGENTS[run % 3],
          status: 'failed',
        });
        store.runs.set(old.id, old);
      }
      for (let run = 0; run < 20; run++) write();
      const replicas = [1, 2, 3].map(() => createLive({ maxSubscriptions: 100, random: draw }));
      const watch = (live: Live | undefined, cursor: string | undefined) => {
        const since =
          cursor === undefined ? undefined : decodeSeen(cursor, selectionKey({ filter, window: {} }));
        if (live === undefined || typeof since === 'string') throw new Error('The cursor is not valid');
        return live.forCaller('one', () => store.source).listEvents({ filter, window: {} }, since);
      };
      const inbox: ListEvent[] = [];
      let cursor: string | undefined;
      /** A client that reads as fast as it can, until it leaves; it comes again after a failure. */
      const connect = (replica: number): (() => Promise<void>) => {
        const events = watch(replicas[replica], cursor);
        const read = async (): Promise<void> => {
          try {
            for await (const event of events) {
              if (client.hasLeft.has(events)) return;
              inbox.push(event);
              cursor = event.cursor;
              while (client.isSlow && !client.hasLeft.has(events)) await sleep(500);
            }
          } catch (error) {
            if (!(error instanceof StreamError)) throw error;
            cursor = error.cursor ?? cursor;
            leave = connect(replica);
          }
        };
        void read();
        return async () => {
          client.hasLeft.add(events);
          await events.return?.();
        };
      };
      const client = { isSlow: false, hasLeft: new Set<unknown>() };
      let leave = connect(0);
      await vi.advanceTimersByTimeAsync(500);
      const fold = createFold(matching(store.runs, filter));
      store.onRequest = () => {
        if (draw() < 0.2) write();
      };
      for (let round = 0; round < 30; round++) {
        for (let change = Math.floor(draw() * 5); change > 0; change--) write();
        if (draw() < 0.1) store.failures = 2;
        // A slow client lets several polls pass by.
        client.isSlow = draw() < 0.3;
        await vi.advanceTimersByTimeAsync(draw() * 5000);
        if (draw() < 0.2 && cursor !== undefined) {
          await leave();
          for (let change = Math.floor(draw() * 5); change > 0; change--) write();
          leave = connect(Math.floor(draw() * 3));
        }
      }
      store.onRequest = () => undefined;
      store.failures = 0;
      client.isSlow = false;
      await vi.advanceTimersByTimeAsync(60_000);
      for (const event of inbox) fold.apply(event, isFixed(filter));
      expect(fold.list).toEqual(new Map(matching(store.runs, filter).map((run) => [run.id, stateOf(run)])));
      await leave();
      expect(replicas.map(({ load }) => load)).toEqual(
        replicas.map(() => ({ subscriptions: 0, pollers: 0 })),
      );
    }),
    { numRuns: propertyRuns(60) },
  );
}, 120_000);
