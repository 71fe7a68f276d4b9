import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { startRunsApi } from '../../embedded-api/server.ts';
import { openStore, type StoredRun } from '../../embedded-api/store/store.ts';
import { readRunList } from '../../src/engine/index.ts';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { VanishedPositionError } from '../../src/lists/errors.ts';
import { decodeSnapshot, type ListEvent } from '../../src/live/index.ts';
import { ListPoller } from '../../src/live/polls/list-poller.ts';
import type { ListReader } from '../../src/live/polls/list-readers.ts';
import { NewestRun } from '../../src/live/polls/newest-run.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import type { RunsSource } from '../../src/runs/source.ts';
import { createRunsUpstream } from '../../src/upstream/letta/runs-upstream.ts';
import { decodeRun } from '../../src/wire/decode-run.ts';
import { decodeRunList } from '../../src/wire/run-list.ts';
import { credentialsOf } from '../support/credentials.ts';
import { createFold, stateOf } from '../support/event-fold.ts';
import { matching } from '../support/live-store.ts';
import { propertyRuns, TEST_TIMEOUT_MS } from '../support/property-runs.ts';
import { startRecordingProxy } from '../support/recording-proxy.ts';
import { seededRandom } from '../support/seeded-random.ts';
import { casesOver, CLOUD, SELF_HOSTED, type UpstreamVariant } from '../support/upstream-variants.ts';

const START = Date.parse('2026-01-01T00:00:00Z');
const agent = (number: number): string => `agent-00000000-0000-4000-8000-00000000000${number}`;
const runId = (number: number): string =>
  `run-00000000-0000-4000-8000-${String((number * 7919) % 1_000_003).padStart(12, '0')}`;

const FILTERS: readonly RunFilter[] = [
  {},
  { agentId: agent(1) },
  { agentIds: [agent(1), agent(2)], statuses: ['running', 'failed'] },
  { active: true },
  { background: true, stopReason: 'error' },
];

/** A runs API over HTTP whose runs are changed at random, also while requests are under way. */
async function startUpstream(variant: UpstreamVariant, copiesRows: boolean, draw: () => number) {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  const rows = new Map<string, Partial<StoredRun> & { readonly id: string }>();
  /** Old runs that go on. They do until a poll has noticed it. */
  const wentOn = new Map<string, number>();
  const clock = { now: START };
  let [created, changes] = [0, 0];
  const pick = <Item>(items: readonly Item[]): Item | undefined => items[Math.floor(draw() * items.length)];
  const change = (id: string, fields: Partial<StoredRun>): void => {
    changes += 1;
    const patch = { ...fields, metadata: { changes } };
    store.update(id, patch);
    rows.set(id, { ...rows.get(id), ...patch, id });
  };
  const create = (): void => {
    created += 1;
    const lateMs = draw() < 0.3 ? Math.floor(draw() * 5000) : 0;
    const micros = draw() < 0.5 ? '000' : String(Math.floor(draw() * 1000)).padStart(3, '0');
    const status = pick(['created', 'running', 'completed', 'failed'] as const) ?? 'created';
    const hasEnded = status === 'completed' || status === 'failed';
    const run = {
      id: runId(created),
      agent_id: agent(Math.ceil(draw() * 3)),
      background: draw() < 0.5,
      status,
      completed_at: hasEnded ? new Date(clock.now).toISOString().slice(0, -1) : null,
      created_at: new Date(clock.now - lateMs).toISOString().replace('Z', `${micros}Z`),
    };
    store.insert([run]);
    rows.set(run.id, run);
  };
  const write = (): void => {
    const all = [...rows.values()];
    const run = pick(
      all.filter(({ id, status }) => !wentOn.has(id) && (status === 'created' || status === 'running')),
    );
    const chance = draw();
    if (chance < 0.5 || run === undefined) return create();
    if (chance < 0.65) return change(run.id, { status: 'running' });
    if (chance < 0.8) return change(run.id, { status: 'failed', stop_reason: 'error' });
    if (chance < 0.9) {
      store.delete(run.id);
      return void rows.delete(run.id);
    }
    const ended = pick(all.filter(({ status }) => status === 'completed'));
    if (ended === undefined) return;
    change(ended.id, { status: 'running', stop_reason: null });
    if (clock.now - Date.parse(ended.created_at ?? '') > 8000) wentOn.set(ended.id, clock.now);
  };
  const chances = { write: 0, fault: 0 };
  const api = starting.use(await startRunsApi({ ...variant, store }));
  const proxy = starting.use(
    await startRecordingProxy(api.baseUrl, (url) => {
      if (draw() < chances.write) write();
      // The connection is closed without an answer, again and again until nobody tries any more.
      return draw() < chances.fault ? new URL('http://127.0.0.1:1') : url;
    }),
  );
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl: proxy.baseUrl,
      timeoutMs: 5000,
      maxBytes: 64 * 1024 * 1024,
      readList: copiesRows ? readRunList : decodeRunList,
    }),
  );
  const parts = starting.move();
  return {
    clock,
    chances,
    write,
    wentOn,
    source: upstream.forCaller({
      ...credentialsOf('one', variant.profile === 'cloud' ? { authorization: 'Bearer any' } : {}),
      signal: new AbortController().signal,
    }),
    runs: () => new Map([...rows].map(([id, row]) => [id, decodeRun(row)])),
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function createReplica(runs: RunsSource, filter: RunFilter, now: () => number) {
  return new ListPoller({
    open: () => runs,
    selection: { filter, window: {} },
    key: '',
    now,
    newest: new NewestRun(),
    idleMs: 2000,
  });
}

it.each([
  ...SELF_HOSTED.flatMap((upstream) => [true, false].map((copiesRows) => ({ ...upstream, copiesRows }))),
  ...CLOUD.map((upstream) => ({ ...upstream, copiesRows: true })),
])(
  'Over $variant, rows copied: $copiesRows, events tell of every change once',
  async ({ copiesRows, ...variant }) => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...FILTERS), fc.noShrink(fc.integer()), async (filter, seed) => {
        const draw = seededRandom(seed);
        await using upstream = await startUpstream(variant, copiesRows, draw);
        for (let run = 0; run < 40; run++) upstream.write();
        const replicas = [0, 1].map(() => createReplica(upstream.source, filter, () => upstream.clock.now));
        const events: ListEvent[] = [];
        let poller = replicas[0];
        let reader: ListReader = { snapshot: undefined, batch: undefined, read: 0 };
        const poll = async (): Promise<void> => {
          const wentOn = new Map(upstream.wentOn);
          try {
            const polled = await poller?.poll(new Set([reader]));
            expect(polled?.lost.size).toBe(0);
            for (const [id, at] of wentOn) {
              if (upstream.clock.now - at > 20_000) upstream.wentOn.delete(id);
            }
          } catch (error) {
            if (!(error instanceof UpstreamError || error instanceof VanishedPositionError)) throw error;
          }
        };
        /** Reads some events, or all of them. */
        const read = (max: number): void => {
          for (let count = 0; count < max; count++) {
            const next = poller?.next(reader);
            if (next === undefined) return;
            events.push(next.event);
          }
        };
        await poll();
        const fold = createFold(matching(upstream.runs(), filter));
        upstream.chances.write = 0.3;
        upstream.chances.fault = 0.01;
        for (let round = 0; round < 25; round++) {
          upstream.clock.now += draw() * 6000;
          for (let change = Math.floor(draw() * 4); change > 0; change--) upstream.write();
          const during = poll();
          // It reads while the poll is under way.
          if (draw() < 0.3) read(1);
          await during;
          read(draw() < 0.5 ? Infinity : Math.floor(draw() * 4));
          const cursor = events.at(-1)?.cursor;
          if (cursor === undefined || draw() < 0.7) continue;
          const snapshot = decodeSnapshot(cursor, '');
          if (typeof snapshot === 'string') throw new Error(`The cursor is ${snapshot}`);
          reader = { snapshot, batch: undefined, read: 0 };
          poller = replicas[Math.floor(draw() * 2)];
        }
        upstream.chances.write = 0;
        upstream.chances.fault = 0;
        // The breaker lets requests through again, and the polls see everything.
        upstream.clock.now += 20_000;
        for (let polls = 0; polls < 3; polls++) {
          await poll();
          read(Infinity);
        }
        for (const event of events) fold.apply(event);
        const there = matching(upstream.runs(), filter).map((run) => [run.id, stateOf(run)] as const);
        expect(fold.list).toEqual(new Map(there));
      }),
      { numRuns: propertyRuns(casesOver(variant, 3)) },
    );
  },
  4 * TEST_TIMEOUT_MS,
);
