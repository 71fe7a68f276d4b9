import type { GatewayError } from '../errors/gateway-error.ts';
import type { Memory } from '../memory/index.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { ListEvent } from './events/batch.ts';
import { ListPoller } from './polls/list-poller.ts';
import type { ListReader } from './polls/list-readers.ts';
import { type ListSelection, selectionKey } from './polls/membership.ts';
import { NewestRun } from './polls/newest-run.ts';
import { createRunPoller, type RunReader } from './polls/run-poller.ts';
import { bytesOf, type Snapshot } from './snapshots/snapshot.ts';
import { Backoff } from './streams/backoff.ts';
import { drained, tooExpensive, tooManySubscriptions } from './streams/errors.ts';
import { createHub, type Hub, type Polled, type ReaderEvents } from './streams/hub.ts';
import { Streams } from './streams/streams.ts';

export { ListEvent } from './events/batch.ts';
export { selectionKey } from './polls/membership.ts';
export { decodeSnapshot } from './snapshots/cursor.ts';
export { type Snapshot, snapshotBehind } from './snapshots/snapshot.ts';
export { StreamError } from './streams/errors.ts';

// How an event comes about: `polls` read what may have changed, `events` are the differences between that and
// the `snapshots` of what each reader has seen (which is what a cursor holds), and `streams` bring them to the
// readers, as many as share a poll.

/** Different lists and runs that one account may watch at once: each is polled for itself, and for each of its callers. */
const MAX_WATCHED_PER_ACCOUNT = 100;

/** Milliseconds between polls of a run that nothing happens to, such as one that waits for approval. */
const IDLE_RUN_MS = 15_000;
/** Callers of whom nothing is watched that are remembered, because the upstream has asked them to wait. */
const MAX_RESTING_CALLERS = 10_000;

/** What one caller can watch. @throws GatewayError beyond the limits */
export interface LiveRuns {
  /** The events of a list. @param since what has been seen of it; undefined begins with the current rows */
  listEvents(selection: ListSelection, since: Snapshot | undefined): AsyncIterableIterator<ListEvent>;
  /** The states of a run, until it has ended or is gone. */
  runUpdates(id: string): AsyncIterableIterator<Run | null>;
}

/** What streams are sent on. */
interface Connection {
  /** What it was let in by, if that may be taken back. */
  readonly grant?:
    | {
        /** @returns a function to call when what would be ended has ended by itself */
        onRevoked(end: (reason: GatewayError) => void): () => void;
      }
    | undefined;
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
   * @param connection stands for the one that they are sent on, which they share with nothing by default; its grant
   * ends them when it is revoked
   */
  forCaller(
    caller: string,
    open: OpenRuns,
    account?: string,
    keptBytes?: number,
    connection?: Connection,
  ): LiveRuns;
  /**
   * Ends all streams, each at a random time, so that neither this process nor those to which clients go
   * have all of them at once; none begins any more.
   *
   * @param withinMs milliseconds until the last one ends; 0 by default: all end at once
   * @param fromMs milliseconds until the first one may end; 0 by default
   */
  drain(withinMs?: number, fromMs?: number): void;
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

  return {
    forCaller(caller, open, account = caller, keptBytes = 0, connection) {
      /** Opens a stream of what is polled once for all who watch it. @param bytes what is kept for it */
      const watch = <Reader, Event>(
        watched: string,
        reader: Reader,
        bytes: number,
        idleMs: number,
        createPoller: (runs: RunsSource, newest: NewestRun) => Polled<Reader, Event>,
      ): AsyncIterableIterator<Event, undefined> => {
        if (streams.isDraining) throw drained(1000);
        const key = caller + watched;
        const own = hubs.get(account) ?? new Map<string, unknown>();
        const openHub = (): Hub<Reader, Event> => {
          const state = wake(caller);
          const opened = createHub({
            now,
            random,
            idleMs,
            backoff: state.backoff,
            open: (signal) => createPoller(open(signal), state.newest),
            onEmpty() {
              if (own.get(key) !== opened) return;
              rest(caller, state);
              own.delete(key);
              if (own.size === 0 && hubs.get(account) === own) hubs.delete(account);
            },
          });
          hubs.set(account, own.set(key, opened));
          return opened;
        };
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The key says what is watched.
        const existing = own.get(key) as Hub<Reader, Event> | undefined;
        if (existing === undefined && own.size >= MAX_WATCHED_PER_ACCOUNT) {
          throw tooManySubscriptions(
            `You watch ${own.size} different lists and runs already, as many as the gateway allows each caller`,
          );
        }
        let events: ReaderEvents<Event> | undefined;
        const end = (reason: GatewayError): void => events?.end(reason);
        const leave = streams.enter(account, bytes, end, connection);
        let release: (() => void) | undefined;
        events = (existing ?? openHub())(reader, () => {
          release?.();
          leave();
        });
        release = connection?.grant?.onRevoked(end);
        return events;
      };

      return {
        listEvents(selection, since) {
          const key = selectionKey(selection);
          const reader: ListReader = { snapshot: since, batch: undefined, read: 0 };
          const bytes = keptBytes + (since === undefined ? 0 : bytesOf(since));
          return watch(key, reader, bytes, idleIntervalMs, (runs, newest) => {
            return new ListPoller({
              runs,
              selection,
              key,
              now,
              newest,
              idleMs: idleIntervalMs,
              charge: charge && (async (requests) => refusalOf(await charge(account, requests))),
            });
          });
        },
        runUpdates: (id) =>
          watch<RunReader, Run | null>(id, { last: undefined }, keptBytes, IDLE_RUN_MS, (runs) =>
            createRunPoller(runs, id, now),
          ),
      };
    },
    drain: (withinMs = 0, fromMs = 0) => streams.drain(withinMs, Math.min(fromMs, withinMs)),
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

function refusalOf(retryAfterMs: number | undefined): GatewayError | undefined {
  return retryAfterMs === undefined ? undefined : tooExpensive(retryAfterMs);
}
