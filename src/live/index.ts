import type { Memory } from '../memory/index.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { ListEvent } from './events/list-event.ts';
import { ListPoller } from './polls/list-poller.ts';
import type { ListReader } from './polls/look-ups.ts';
import { NewestRun } from './polls/newest-run.ts';
import { RunPoller, type RunReader } from './polls/run-poller.ts';
import { type ListSelection, selectionKey } from './polls/selection.ts';
import { bytesOf, type Snapshot } from './snapshots/snapshot.ts';
import { Backoff } from './streams/backoff.ts';
import { drained, type StreamEndError, tooExpensive, tooManySubscriptions } from './streams/errors.ts';
import { createHub, type Hub } from './streams/hub.ts';
import { Streams } from './streams/streams.ts';

export { type StreamEndCode, StreamEndError, StreamError } from './streams/errors.ts';
export { ListEvent } from './events/list-event.ts';
export { decodeSnapshot } from './snapshots/cursor.ts';
export { type Snapshot, snapshotBehind } from './snapshots/snapshot.ts';
export { selectionKey } from './polls/selection.ts';

/** Different lists and runs that one account may watch at once: each is polled for itself, and for each of its callers. */
const MAX_WATCHED_PER_ACCOUNT = 100;

/** Milliseconds between polls of a run that nothing happens to, such as one that waits for approval. */
const IDLE_RUN_MS = 15_000;
/** Callers of whom nothing is watched that are remembered, because the upstream has asked them to wait. */
const MAX_RESTING_CALLERS = 10_000;

/** What one caller can watch. @throws StreamEndError beyond the limits */
export interface LiveRuns {
  /** The events of a list. @param since what has been seen of it; undefined begins with what is there now */
  listEvents(selection: ListSelection, since: Snapshot | undefined): AsyncIterableIterator<ListEvent>;
  /** The states of a run, until it has ended or is gone. */
  runUpdates(id: string): AsyncIterableIterator<Run | null>;
}

/** Opens the runs that a caller can see, until a signal aborts. */
type OpenRuns = (signal: AbortSignal) => RunsSource;

/**
 * Watches runs for all callers. State that outlives a request, each part of it for one caller: its
 * pollers, as long as somebody reads from them.
 */
export interface Live {
  /**
   * @param caller everything that decides what it can see
   * @param account who answers for what it watches; the caller itself by default
   * @param keptBytes what is kept for each stream that it opens; 0 by default
   */
  forCaller(caller: string, open: OpenRuns, account?: string, keptBytes?: number): LiveRuns;
  /**
   * Ends all streams, each at a random time, so that neither this process nor those to which clients go
   * have all of them at once; none begins any more.
   *
   * @param withinMs milliseconds until the last one ends; 0 by default: all end at once
   */
  drain(withinMs?: number): void;
  /** Whether that has begun. */
  readonly isDraining: boolean;
  /** The streams that are open, and the lists and runs that are polled for them. */
  readonly load: { readonly subscriptions: number; readonly pollers: number };
}

export interface LiveOptions {
  /** The maximum number of streams that are open at once: see {@link Streams}. */
  readonly maxSubscriptions: number;
  /** Where streams are entered with what is kept for them. @default none */
  readonly memory?: Memory;
  /**
   * Charges an account for requests that its cursors cause, before they are made.
   *
   * @default nothing is charged
   * @returns if it can't pay, milliseconds after which it can; Infinity if never
   */
  readonly charge?: ((account: string, requests: number) => Promise<number | undefined>) | undefined;
  /** Milliseconds between polls of a list while nothing happens. @default 2000 */
  readonly idleIntervalMs?: number;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

interface Watcher {
  readonly account: string;
  readonly caller: string;
  readonly keptBytes: number;
}

/** What is known of one caller. */
interface CallerState {
  /** The number of its lists and runs that are watched. */
  watched: number;
  readonly backoff: Backoff;
  readonly newest: NewestRun;
}

export function createLive({
  maxSubscriptions,
  memory,
  charge,
  idleIntervalMs = 2_000,
  now = Date.now,
  random = Math.random,
}: LiveOptions): Live {
  /** By account, and by caller and what is watched. */
  const hubs = new Map<string, Map<string, unknown>>();
  const callers = new Map<string, CallerState>();
  /** Callers of whom nothing is watched, the longest first. */
  const resting = new Map<string, CallerState>();
  const streams = new Streams(maxSubscriptions, random, memory);

  const wake = (caller: string): CallerState => {
    const state = callers.get(caller) ??
      resting.get(caller) ?? { watched: 0, backoff: new Backoff(now), newest: new NewestRun() };
    resting.delete(caller);
    callers.set(caller, state);
    state.watched += 1;
    return state;
  };
  const rest = (caller: string, state: CallerState): void => {
    state.watched -= 1;
    if (state.watched > 0) return;
    callers.delete(caller);
    if (!state.backoff.isOver) resting.set(caller, state);
    for (const [each, { backoff }] of resting) {
      if (!backoff.isOver && resting.size <= MAX_RESTING_CALLERS) break;
      resting.delete(each);
    }
  };

  /** Opens a stream of what is polled once for all who watch it. */
  const watch = <Reader, Event>(
    { account, caller, keptBytes }: Watcher,
    watched: string,
    reader: Reader,
    create: (state: CallerState, onEmpty: () => void) => Hub<Reader, Event>,
  ): AsyncIterableIterator<Event, undefined> => {
    if (streams.isDraining) throw drained();
    const key = caller + watched;
    const own = hubs.get(account) ?? new Map<string, unknown>();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The key says what is watched.
    const existing = own.get(key) as Hub<Reader, Event> | undefined;
    if (existing === undefined && own.size >= MAX_WATCHED_PER_ACCOUNT) {
      throw tooManySubscriptions(
        `You watch ${own.size} different lists and runs already, as many as the gateway allows each caller`,
      );
    }
    const stream = streams.enter(account, keptBytes);
    if (existing !== undefined) return stream.begin(existing.read(reader));
    const state = wake(caller);
    const hub = create(state, () => {
      if (own.get(key) !== hub) return;
      rest(caller, state);
      own.delete(key);
      if (own.size === 0 && hubs.get(account) === own) hubs.delete(account);
    });
    hubs.set(account, own.set(key, hub));
    return stream.begin(hub.read(reader));
  };

  return {
    forCaller: (caller, open, account = caller, keptBytes = 0) => ({
      listEvents(selection, since) {
        const key = selectionKey(selection);
        const reader: ListReader = { snapshot: since, batch: undefined, read: 0 };
        return watch<ListReader, ListEvent>(
          { account, caller, keptBytes: keptBytes + (since === undefined ? 0 : bytesOf(since)) },
          key,
          reader,
          ({ backoff, newest }, onEmpty) =>
            createHub({
              now,
              random,
              idleMs: idleIntervalMs,
              backoff,
              onEmpty,
              open: (signal) =>
                new ListPoller({
                  runs: open(signal),
                  selection,
                  key,
                  now,
                  newest,
                  idleMs: idleIntervalMs,
                  charge: charge && (async (requests) => refusalOf(await charge(account, requests))),
                }),
            }),
        );
      },
      runUpdates(id) {
        const reader: RunReader = { told: undefined };
        return watch<RunReader, Run | null>(
          { account, caller, keptBytes },
          id,
          reader,
          ({ backoff }, onEmpty) =>
            createHub({
              now,
              random,
              idleMs: IDLE_RUN_MS,
              backoff,
              onEmpty,
              open: (signal) => new RunPoller(open(signal), id, now),
            }),
        );
      },
    }),
    drain: (withinMs = 0) => streams.drain(withinMs),
    get isDraining() {
      return streams.isDraining;
    },
    get load() {
      return {
        subscriptions: streams.size,
        pollers: hubs.values().reduce((sum, own) => sum + own.size, 0),
      };
    },
  };
}

function refusalOf(retryAfterMs: number | undefined): StreamEndError | undefined {
  return retryAfterMs === undefined ? undefined : tooExpensive(retryAfterMs);
}
