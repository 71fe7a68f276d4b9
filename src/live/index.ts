import { LRUCache } from 'lru-cache';
import type { GatewayError } from '../errors/gateway-error.ts';
import { type RunFilter, runFilterKey } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';
import type { HeldMemory, MemoryFor } from '../scheduling/held-memory.ts';
import { ListPoller } from './polls/list-poller.ts';
import { NewestRun } from './polls/newest-run.ts';
import type { ListReader } from './polls/reader-state.ts';
import { createRunPoller, type RunReader } from './polls/run-poller.ts';
import type { ListEvent } from './snapshots/event-batch.ts';
import type { Resume } from './snapshots/snapshot.ts';
import { OpenStreams } from './streams/open-streams.ts';
import { Backoff } from './streams/poll-interval.ts';
import { type Polled, type ReaderEvents, type SharedPoller, sharePoller } from './streams/shared-poller.ts';
import { drained, tooManySubscriptions } from './streams/stream-errors.ts';

export { beginEvents, type EventsCursor } from './begin-events.ts';
export { ListEvent } from './snapshots/event-batch.ts';
export { readResume } from './read-resume.ts';
export { StreamError } from './streams/stream-errors.ts';

// `polls` read the runs that may have changed; `snapshots` are what readers have received, as cursors encode it;
// `streams` send the differences to the readers as events.

/** Different lists and runs that one account may watch at once, since each has a poller. */
const MAX_POLLERS_PER_ACCOUNT = 100;
/** Milliseconds between polls of a list, and of a run, while nothing changes. */
const IDLE_LIST_MS = 2_000;
const IDLE_RUN_MS = 15_000;
/** Callers whose pauses after a 429 are remembered. */
const MAX_CALLERS = 10_000;

/** The events that one caller can subscribe to. @throws GatewayError beyond the limits */
export interface LiveRuns {
  /** The events of a list. @param since what the client has received; undefined begins with the current rows */
  listEvents(filter: RunFilter, since: Resume | undefined): AsyncIterableIterator<ListEvent>;
  /** The states of a run, until it has ended or is gone. */
  runUpdates(id: string): AsyncIterableIterator<Run | null>;
}

/** A caller, and the connection of its streams. */
interface Watcher {
  /** Everything that decides what the caller can see. */
  readonly callerKey: string;
  /** The account whose subscriptions are limited, and which pays for look-ups. */
  readonly account: string;
  /** The access token, if there is one: when it is revoked, the streams end. */
  readonly revocation?: { onRevoked(listener: (reason: GatewayError) => void): () => void } | undefined;
  /** The same object for all streams of a connection, which end together. */
  readonly connection: object;
}

export interface LiveOptions {
  /** The maximum number of streams that are open at once: see {@link OpenStreams}. */
  readonly maxSubscriptions: number;
  readonly memoryFor: MemoryFor;
  /** Pays for requests that cursors of an account cause, before they are sent. @returns whether it could pay */
  readonly payFor?: ((account: string, requests: number) => Promise<boolean>) | undefined;
}

/** Creates what the pollers of one caller share. */
const createShared = () => ({
  backoff: new Backoff(),
  newest: new NewestRun(),
});

export type Live = ReturnType<typeof createLive>;

/** Watches runs for all callers. State that outlives a request: pollers, as long as they have readers. */
export function createLive({ maxSubscriptions, memoryFor, payFor }: LiveOptions) {
  /** The pollers of each account, by their callers and what they poll. */
  const accounts = new Map<string, Map<string, unknown>>();
  /** State by the key of the caller. */
  const callers = new LRUCache<string, ReturnType<typeof createShared>>({
    max: MAX_CALLERS,
    memoMethod: createShared,
  });
  const streams = new OpenStreams(maxSubscriptions);

  /** Opens a stream of a list or a run, which is polled once for all streams of the caller. */
  const watch = <Reader, Event>(
    watcher: Watcher,
    watched: string,
    reader: Reader,
    idleMs: number,
    open: (signal: AbortSignal, newest: NewestRun) => Polled<Reader, Event>,
  ): AsyncIterableIterator<Event, undefined> => {
    const { callerKey, account, revocation, connection } = watcher;
    if (streams.isDraining) throw drained(1000);
    const key = callerKey + watched;
    const pollers = accounts.get(account) ?? new Map<string, unknown>();
    if (!pollers.has(key) && pollers.size >= MAX_POLLERS_PER_ACCOUNT) {
      throw tooManySubscriptions(
        `You watch ${pollers.size} different lists and runs already, as many as the gateway allows each caller`,
      );
    }
    const resources = new DisposableStack();
    let events: ReaderEvents<Event> | undefined;
    const end = (reason: GatewayError): void => {
      events?.end(reason);
      resources.dispose();
    };
    resources.defer(streams.enter(account, end, connection));
    const onEmpty = (): void => {
      // A poller that has ended is replaced by the next one while it still has readers.
      if (pollers.get(key) !== poller) return;
      pollers.delete(key);
      if (pollers.size === 0) accounts.delete(account);
    };
    const { backoff, newest } = callers.memo(callerKey);
    const poller =
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The key says what is watched.
      (pollers.get(key) as SharedPoller<Reader, Event> | undefined) ??
      sharePoller(idleMs, backoff, onEmpty, (signal) => open(signal, newest));
    accounts.set(account, pollers.set(key, poller));
    events = poller(reader, () => resources.dispose());
    const stop = revocation?.onRevoked(end);
    // Credentials that were revoked before have ended the stream already.
    if (stop && !resources.disposed) resources.defer(stop);
    return events;
  };

  /** Opens a part of the memory of an account, which is released when a signal aborts. */
  const memoryUntil = (signal: AbortSignal, { account }: Watcher): HeldMemory => {
    const memory = memoryFor(account);
    signal.addEventListener('abort', () => memory.release(), { once: true });
    return memory;
  };

  return {
    /**
     * @param open opens the runs that the caller can see; the signal aborts requests of a poller without readers, and the
     *   memory counts their answers
     */
    forCaller: (
      watcher: Watcher,
      open: (signal: AbortSignal, memory: HeldMemory) => RunsSource,
    ): LiveRuns => ({
      listEvents(filter, since) {
        const key = runFilterKey(filter);
        const reader: ListReader = { received: since, batch: undefined, read: 0 };
        const pay = async (requests: number) => payFor === undefined || payFor(watcher.account, requests);
        return watch(watcher, key, reader, IDLE_LIST_MS, (signal, newest) => {
          const kept = memoryUntil(signal, watcher);
          return new ListPoller({
            open: (rows) => open(signal, rows),
            filter,
            key,
            newest,
            payFor: pay,
            kept,
          });
        });
      },
      runUpdates(id) {
        const reader: RunReader = { lastDigest: undefined };
        return watch(watcher, id, reader, IDLE_RUN_MS, (signal) => {
          const memory = memoryUntil(signal, watcher);
          return createRunPoller(() => {
            memory.set(0);
            return open(signal, memory);
          }, id);
        });
      },
    }),
    /**
     * Ends all streams, and refuses new ones. Each stream ends at a random time between these milliseconds, so that clients
     * don't all reconnect to other replicas at once.
     */
    drain: (withinMs = 0, fromMs = 0) => streams.drain(withinMs, Math.min(fromMs, withinMs)),
    get isDraining(): boolean {
      return streams.isDraining;
    },
    /** The streams that are open, and the lists and runs that are polled for them. */
    get load(): Readonly<Record<'subscriptions' | 'pollers', number>> {
      const pollers = accounts.values().reduce((sum, { size }) => sum + size, 0);
      return { subscriptions: streams.size, pollers };
    },
  };
}
