import type { GatewayError } from '../errors/gateway-error.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { ListEvent } from './events/batch.ts';
import { ListPoller } from './polls/list-poller.ts';
import type { ListReader } from './polls/list-readers.ts';
import type { Charge } from './polls/look-ups.ts';
import { type ListSelection, selectionKey } from './polls/membership.ts';
import { NewestRun } from './polls/newest-run.ts';
import { createRunPoller, type RunReader } from './polls/run-poller.ts';
import type { Snapshot } from './snapshots/snapshot.ts';
import { Backoff } from './streams/backoff.ts';
import { drained, tooExpensive, tooFarBehind, tooManySubscriptions } from './streams/errors.ts';
import { createHub, type Hub, type Polled, type ReaderEvents } from './streams/hub.ts';
import { readMoving } from './streams/moving.ts';
import { Streams } from './streams/streams.ts';

export { ListEvent } from './events/batch.ts';
export { selectionKey } from './polls/membership.ts';
export { decodeSnapshot } from './snapshots/cursor.ts';
export { type Snapshot, snapshotBehind } from './snapshots/snapshot.ts';
export { StreamError } from './streams/errors.ts';

// How an event comes about: `polls` read what may have changed, `events` are the differences between that and
// the `snapshots` of what each reader has seen (which is what a cursor holds), and `streams` bring them to the
// readers, as many as share a poll.

/** Different lists and runs that one account may watch at once, for each of its callers: each may be polled for itself. */
const MAX_WATCHED_PER_ACCOUNT = 100;

/** Milliseconds before a poller that callers share begins. */
const TOGETHER_MS = 50;
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

/**
 * Opens the runs that a caller can see, for a poller of something, which a signal aborts.
 *
 * @param sole the account of all who have watched it; undefined if there were several
 */
type OpenRuns = (signal: AbortSignal, watched: string, sole: string | undefined) => RunsSource;

/** Who polls, and sees what it sees. */
interface PollsAs {
  /** Whether it is for several callers: then what the upstream refuses for one list pauses no other. @default false */
  readonly isForMany?: boolean;
  /** Everything that decides what it can see. */
  readonly key: string;
  readonly open: OpenRuns;
}

/** What streams are sent on. */
interface Connection {
  /** What it was let in by, if that may be taken back, which ends them. */
  readonly grant?:
    | {
        /** @returns a function to call when what would be ended has ended by itself */
        onRevoked(end: (reason: GatewayError) => void): () => void;
      }
    | undefined;
}

interface WatchOptions {
  /** Who answers for what is watched. @default the caller itself */
  readonly account?: string;
  /**
   * Polls for all callers that the upstream can't tell apart, each of whom would see the same. It goes upstream as a
   * caller of its own, so that what one of them does is nothing to it. @default none: each caller has pollers of its own
   */
  readonly shared?: PollsAs | undefined;
  /** Stands for the connection that streams are sent on. @default one for each */
  readonly connection?: Connection;
}

/**
 * Watches runs for all callers. State that outlives a request: pollers, as long as somebody reads from them. Each is of
 * one caller, or is shared by those that the upstream can't tell apart; then nothing that any of them sends changes
 * what it asks.
 */
export interface Live {
  /**
   * @param caller everything that decides what it can see
   */
  forCaller(caller: string, open: OpenRuns, options?: WatchOptions): LiveRuns;
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
  /**
   * Charges an account for requests that its cursors cause, before they are made.
   *
   * @default nothing is charged
   * @returns if it can't pay, milliseconds after which it can; Infinity if never
   */
  readonly charge?: ((account: string, requests: number) => Promise<number | undefined>) | undefined;
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
  charge,
  now = Date.now,
  random = Math.random,
}: LiveOptions): Live {
  /** Milliseconds between polls of a list while nothing happens. */
  const idleMs = 2_000;
  /** By who polls, and what. */
  const hubs = new Map<string, { readonly hub: unknown; sole: string | undefined }>();
  /** How many streams of an account watch each list or run. */
  const watchedBy = new Map<string, Map<string, number>>();
  const callers = new Map<string, CallerState>();
  /** Callers of whom nothing is watched, the longest first. */
  const resting = new Map<string, CallerState>();
  const streams = new Streams(maxSubscriptions, random);

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

  /** Returns what is polled once for all who watch it by the same poller. */
  const hubOf = <Reader, Event>(
    { key: caller, open, isForMany = false }: PollsAs,
    account: string,
    watched: string,
    pace: { readonly idleMs: number; readonly beginsAfterMs?: number },
    createPoller: (open: () => RunsSource, newest: NewestRun) => Polled<Reader, Event>,
  ): Hub<Reader, Event> => {
    const key = caller + watched;
    const existing = hubs.get(key);
    if (existing !== undefined) {
      if (existing.sole !== account) existing.sole = undefined;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The key says what is watched.
      return existing.hub as Hub<Reader, Event>;
    }
    const state = wake(caller);
    const pause = isForMany ? wake(key) : undefined;
    const opened: { hub: unknown; sole: string | undefined } = { hub: undefined, sole: account };
    const hub = createHub({
      now,
      random,
      ...pace,
      backoff: (pause ?? state).backoff,
      open: (signal) => createPoller(() => open(signal, watched, opened.sole), state.newest),
      onEmpty() {
        if (hubs.get(key) !== opened) return;
        rest(caller, state);
        if (pause !== undefined) rest(key, pause);
        hubs.delete(key);
      },
    });
    opened.hub = hub;
    hubs.set(key, opened);
    return hub;
  };

  return {
    forCaller(caller, open, { account = caller, shared, connection } = {}) {
      const own: PollsAs = { key: caller, open };

      /** Opens a stream. */
      const watch = <Event>(
        watched: string,
        openEvents: (onEnd: () => void) => ReaderEvents<Event>,
      ): AsyncIterableIterator<Event, undefined> => {
        if (streams.isDraining) throw drained(1000);
        const key = caller + watched;
        const counts = watchedBy.get(account) ?? new Map<string, number>();
        if (!counts.has(key) && counts.size >= MAX_WATCHED_PER_ACCOUNT) {
          throw tooManySubscriptions(
            `You watch ${counts.size} different lists and runs already, as many as the gateway allows each caller`,
          );
        }
        let events: ReaderEvents<Event> | undefined;
        let hasEnded = false;
        let release: (() => void) | undefined;
        const end = (reason: GatewayError): void => {
          events?.end(reason);
          onEnd();
        };
        const leave = streams.enter(account, end, connection);
        const onEnd = (): void => {
          leave();
          if (hasEnded) return;
          hasEnded = true;
          release?.();
          const left = (counts.get(key) ?? 0) - 1;
          if (left > 0) counts.set(key, left);
          else counts.delete(key);
          if (counts.size === 0 && watchedBy.get(account) === counts) watchedBy.delete(account);
        };
        watchedBy.set(account, counts.set(key, (counts.get(key) ?? 0) + 1));
        events = openEvents(onEnd);
        release = connection?.grant?.onRevoked(end);
        return events;
      };

      return {
        listEvents(selection, since) {
          const key = selectionKey(selection);
          let reader: ListReader = { snapshot: since, batch: undefined, read: 0 };
          /** Of its own for each poller: one that it has left may still serve the reader that it knew. */
          const nextReader = (): ListReader => (reader = { ...reader });
          const hub = (by: PollsAs, spend: Charge | undefined): Hub<ListReader, ListEvent> =>
            hubOf(
              by,
              account,
              key,
              { idleMs, beginsAfterMs: by === shared ? TOGETHER_MS : 0 },
              (openRuns, newest) => {
                return new ListPoller({ open: openRuns, selection, key, now, newest, idleMs, charge: spend });
              },
            );
          const ownHub = () =>
            hub(own, charge && (async (requests) => refusalOf(await charge(account, requests))));
          return watch(key, (onEnd) => {
            if (shared === undefined) return ownHub()(reader, onEnd);
            const pollers = {
              own(mayLeave: () => boolean) {
                const { snapshot } = nextReader();
                return ownHub()(reader, undefined, () => reader.snapshot !== snapshot && mayLeave());
              },
              // What costs more than to poll is for the caller's own poller.
              shared: () => hub(shared, async () => tooFarBehind())(nextReader()),
            };
            return readMoving(pollers, { startsShared: since === undefined, now, onEnd });
          });
        },
        runUpdates: (id) =>
          watch(id, (onEnd) =>
            hubOf<RunReader, Run | null>(shared ?? own, account, id, { idleMs: IDLE_RUN_MS }, (openRuns) =>
              createRunPoller(openRuns, id, now),
            )({ last: undefined }, onEnd),
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
        pollers: hubs.size,
      };
    },
  };
}

function refusalOf(retryAfterMs: number | undefined): GatewayError | undefined {
  return retryAfterMs === undefined ? undefined : tooExpensive(retryAfterMs);
}
