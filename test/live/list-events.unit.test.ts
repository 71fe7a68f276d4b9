import * as fc from 'fast-check';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { comparePositions } from '../../src/lists/position.ts';
import {
  createLive,
  decodeSnapshot,
  type ListEvent,
  type Live,
  type Snapshot,
  snapshotBehind,
  selectionKey,
  StreamError,
} from '../../src/live/index.ts';
import { positionOf } from '../../src/runs/position.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import { isInWindow, type RunWindow } from '../../src/runs/run-window.ts';
import type { Run } from '../../src/runs/run.ts';
import { createFold, stateOf } from '../support/event-fold.ts';
import { createLiveStore, matching, sleep } from '../support/live-store.ts';
import { propertyRuns, TEST_TIMEOUT_MS } from '../support/property-runs.ts';
import { createRunWriter } from '../support/run-writer.ts';
import { seededRandom } from '../support/seeded-random.ts';

const START = new Date('2026-01-01T00:00:00Z');

beforeEach(() => void vi.useFakeTimers({ now: START }));
afterEach(() => void vi.useRealTimers());

const SELECTIONS: readonly { readonly filter: RunFilter; readonly window: RunWindow }[] = [
  { filter: {}, window: {} },
  { filter: { agentId: 'agent-1' }, window: {} },
  { filter: { statuses: ['running'] }, window: {} },
  { filter: { statuses: ['failed', 'completed'] }, window: {} },
  { filter: { active: true }, window: {} },
  { filter: { background: true }, window: {} },
  { filter: { stopReason: 'error', agentIds: ['agent-1', 'agent-2'] }, window: {} },
  { filter: { stopReason: 'requires_approval' }, window: {} },
  { filter: {}, window: { minDurationNs: 30 } },
  { filter: { statuses: ['completed', 'running'] }, window: { maxDurationNs: 60 } },
  { filter: {}, window: { notStatuses: ['created', 'running'] } },
  { filter: {}, window: { stopReasons: ['error', 'requires_approval'] } },
  { filter: { active: true }, window: { notStopReasons: ['error', 'cancelled'] } },
];

/**
 * Whether a run whose duration is to come has ended again, long after the first time, which is all that the
 * API tells: to a client that is new to it, it is an old run.
 */
const hasEndedAgain = (run: Run, since: Snapshot | undefined): boolean => {
  if (run.completedAt === null || Date.now() - Date.parse(run.completedAt) < 50_000) return false;
  if (since === undefined) return true;
  const isNew = since.watermark === null || comparePositions(positionOf(run), since.watermark) > 0;
  return since.start !== null || (isNew && !since.known.has(run.id));
};

/** What a client has received since it began, and where. */
interface Session {
  /** Where it began; undefined for the whole list. */
  readonly start: Snapshot['start'] | undefined;
  readonly base: readonly Run[];
  events: ListEvent[];
}

it(
  'Events tell of every change once and rightly, whoever writes, and wherever a client comes back',
  async () => {
    let [returns, tooOld] = [0, 0];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...SELECTIONS), fc.noShrink(fc.integer()), async (selection, seed) => {
        const draw = seededRandom(seed);
        const store = createLiveStore();
        vi.setSystemTime(START);
        // A client that began behind a run is told of an older one that goes on, as if it was for the first time.
        const mayBeginBehind = draw() < 0.5;
        const { filter, window } = selection;
        const writer = createRunWriter(store, draw, { maySurprise: !mayBeginBehind });
        writer.createOld(250);
        for (let run = 0; run < 20; run++) writer.write();
        const replicas = [1, 2, 3].map(() => createLive({ maxSubscriptions: 100, random: draw }));
        const key = selectionKey(selection);
        const shown = (): Run[] => matching(store.runs, filter).filter((run) => isInWindow(run, window));
        let session: Session = { start: undefined, base: [], events: [] };
        let since: Snapshot | undefined;
        const client = { isSlow: false };
        /** Whether callers share pollers, which a client that brings a cursor does only later. */
        const shared = draw() < 0.5 ? { key: 'shared', open: () => store.source } : undefined;
        /** A client that reads as fast as it can, until it leaves; it comes again after a failure. */
        const connect = (replica: Live | undefined): (() => Promise<void>) => {
          if (replica === undefined) throw new Error('There is no such replica');
          const events = replica
            .forCaller('one', () => store.source, { shared })
            .listEvents(selection, since);
          const own = { session, hasLeft: false };
          const read = async (): Promise<void> => {
            try {
              for await (const event of events) {
                if (own.hasLeft) return;
                own.session.events.push(event);
                since = snapshotIn(event.cursor);
                while (client.isSlow && !own.hasLeft) await sleep(500);
              }
            } catch (error) {
              if (!(error instanceof StreamError)) throw error;
              if (own.hasLeft) return;
              const isTooOld = error.cause instanceof GatewayError && error.cause.code === 'CURSOR_TOO_OLD';
              if (isTooOld) tooOld += 1;
              else if (error.cursor !== undefined) since = snapshotIn(error.cursor);
              if (isTooOld || since === undefined) await begin(replica);
              else await settle(replica);
            }
          };
          void read();
          return async () => {
            own.hasLeft = true;
            await events.return?.();
          };
        };
        const snapshotIn = (cursor: string): Snapshot => {
          const snapshot = decodeSnapshot(cursor, key);
          if (typeof snapshot === 'string') throw new Error(`The cursor is ${snapshot}`);
          return snapshot;
        };
        /** Whether requests take seconds, as on a busy machine. */
        const isBusy = draw() < 0.3;
        const traffic = { isHeld: false, isOver: false };
        store.onRequest = () => {
          if (traffic.isHeld) return;
          writer.writeDurations();
          if (!traffic.isOver && draw() < 0.2) writer.write();
        };
        /** Connects, and lets the first poll end before anybody writes. */
        const settle = async (replica: Live | undefined): Promise<void> => {
          writer.writeDurations((run) => hasEndedAgain(run, since));
          traffic.isHeld = true;
          store.latencyMs = () => 1;
          leave = connect(replica);
          await sleep(400);
          traffic.isHeld = false;
          if (isBusy) store.latencyMs = () => draw() * 2000;
        };
        /**
         * Begins with the list as it is, while nobody writes. Of the runs that have just ended, those are told
         * of that are read with the newest ones.
         */
        const begin = async (replica: Live | undefined): Promise<void> => {
          since = undefined;
          writer.writeDurations(
            (run) => hasEndedAgain(run, since) || Date.now() - Date.parse(run.createdAt) > 8000,
          );
          session = { start: undefined, base: shown(), events: [] };
          await settle(replica);
        };
        const check = ({ base, events }: Session) => {
          const fold = createFold(base);
          for (const event of events) fold.apply(event);
          return fold.list;
        };
        let leave = async (): Promise<void> => undefined;
        void begin(replicas[0]);
        await vi.advanceTimersByTimeAsync(500);
        for (let round = 0; round < 30; round++) {
          for (let change = Math.floor(draw() * 5); change > 0; change--) writer.write();
          if (draw() < 0.1) store.failures = 2;
          // A slow client lets several polls pass by.
          client.isSlow = draw() < 0.3;
          await vi.advanceTimersByTimeAsync(draw() * 5000);
          if (draw() < 0.7 || since === undefined) continue;
          const replica = replicas[Math.floor(draw() * 3)];
          await leave();
          for (let change = Math.floor(draw() * 5); change > 0; change--) writer.write();
          const position = writer.anyPosition();
          if (mayBeginBehind && draw() < 0.3 && position !== undefined) {
            check(session);
            since = snapshotBehind(position);
            session = { start: position, base: [], events: [] };
          } else if (session.events.length > 0) {
            // It goes on after any event that it has received, and forgets the later ones.
            const back = draw() < 0.7 ? 0 : Math.floor(draw() * Math.min(10, session.events.length));
            session = { ...session, events: session.events.slice(0, session.events.length - back) };
            since = snapshotIn(session.events.at(-1)?.cursor ?? '');
          }
          returns += 1;
          void settle(replica);
          await vi.advanceTimersByTimeAsync(400);
        }
        traffic.isOver = true;
        store.failures = 0;
        client.isSlow = false;
        await vi.advanceTimersByTimeAsync(60_000);
        const list = check(session);
        const { start } = session;
        const isTold = (run: Run): boolean =>
          start === undefined ||
          start === null ||
          list.has(run.id) ||
          comparePositions(positionOf(run), start) > 0;
        expect(list).toEqual(
          new Map(
            shown()
              .filter(isTold)
              .map((run) => [run.id, stateOf(run)]),
          ),
        );
        await leave();
        expect(replicas.map(({ load }) => load)).toEqual(
          replicas.map(() => ({ subscriptions: 0, pollers: 0 })),
        );
      }),
      { numRuns: propertyRuns(20) },
    );
    // More has changed, of runs that hang, than a cursor has room for.
    expect(tooOld).toBeLessThan(0.1 * returns + 5);
  },
  4 * TEST_TIMEOUT_MS,
);
