import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { StreamEndError } from './errors.ts';
import { createHub, type Hub } from './hub.ts';
import type { ListEvent } from './list-event.ts';
import { ListPoller, type ListReader } from './list-poller.ts';
import { RunPoller, type RunReader } from './run-poller.ts';
import type { Seen } from './seen.ts';
import { type ListSelection, selectionKey } from './selection.ts';

export { type StreamEndCode, StreamEndError, StreamError } from './errors.ts';
export { ListEvent } from './list-event.ts';
export { decodeSeen } from './seen-cursor.ts';
export type { Seen } from './seen.ts';
export { selectionKey } from './selection.ts';

/** Different lists and runs that one account may watch at once: each is polled for itself, and for each of its callers. */
const MAX_WATCHED_PER_ACCOUNT = 100;

/** What one caller can watch. @throws StreamEndError beyond the limits */
export interface LiveRuns {
  /** The events of a list. @param since what has been seen of it; undefined begins with what is there now */
  listEvents(selection: ListSelection, since: Seen | undefined): AsyncIterableIterator<ListEvent>;
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
   */
  forCaller(caller: string, open: OpenRuns, account?: string): LiveRuns;
  /** Ends all streams; those that begin later end at once. */
  drain(): void;
  /** The streams that are open, and the lists and runs that are polled for them. */
  readonly load: { readonly subscriptions: number; readonly pollers: number };
}

export interface LiveOptions {
  /** The maximum number of streams that are open at once. */
  readonly maxSubscriptions: number;
  /** The time in milliseconds since 1970. @default Date.now */
  readonly now?: () => number;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

type AnyHub = Pick<Hub<never, unknown>, 'end'>;

export function createLive({ maxSubscriptions, now = Date.now, random = Math.random }: LiveOptions): Live {
  /** By account, and by caller and what is watched. */
  const hubs = new Map<string, Map<string, AnyHub>>();
  let subscriptions = 0;
  let isDraining = false;

  const hubOf = <H extends AnyHub>(account: string, key: string, create: (onEmpty: () => void) => H): H => {
    if (isDraining) throw drained();
    if (subscriptions >= maxSubscriptions) {
      throw tooMany(`There are ${subscriptions} subscriptions already, as many as the gateway allows`);
    }
    const own = hubs.get(account) ?? new Map<string, AnyHub>();
    const existing = own.get(key);
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The key says what is watched.
    if (existing !== undefined) return existing as H;
    if (own.size >= MAX_WATCHED_PER_ACCOUNT) {
      throw tooMany(`You watch ${own.size} different lists and runs already, as many as the gateway allows`);
    }
    const hub = create(() => {
      if (own.get(key) === hub) own.delete(key);
      if (own.size === 0 && hubs.get(account) === own) hubs.delete(account);
    });
    hubs.set(account, own.set(key, hub));
    return hub;
  };

  /** Counts a stream until it ends. */
  const counted = <Event>(events: AsyncIterableIterator<Event>): AsyncIterableIterator<Event> => {
    subscriptions += 1;
    let isOpen = true;
    const end = <Result extends IteratorResult<Event>>(result: Result): Result => {
      if (result.done === true && isOpen) {
        isOpen = false;
        subscriptions -= 1;
      }
      return result;
    };
    return {
      next: () =>
        events.next().then(end, (error: unknown) => {
          end({ done: true, value: undefined });
          throw error;
        }),
      return: async () => end((await events.return?.()) ?? { done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  return {
    forCaller: (caller, open, account = caller) => ({
      listEvents(selection, since) {
        const key = selectionKey(selection);
        const hub = hubOf(account, caller + key, (onEmpty) =>
          createHub<ListReader, ListEvent>({
            now,
            random,
            onEmpty,
            open: (signal) =>
              new ListPoller({
                runs: open(signal),
                selection,
                key,
                now,
              }),
          }),
        );
        return counted(hub.read({ seen: since, batch: undefined, read: 0 }));
      },
      runUpdates(id) {
        const hub = hubOf(account, caller + id, (onEmpty) =>
          createHub<RunReader, Run | null>({
            now,
            random,
            onEmpty,
            open: (signal) => new RunPoller(open(signal), id),
          }),
        );
        return counted(hub.read({ told: undefined }));
      },
    }),
    drain() {
      isDraining = true;
      for (const own of hubs.values()) for (const hub of own.values()) hub.end(drained());
    },
    get load() {
      return { subscriptions, pollers: hubs.values().reduce((sum, own) => sum + own.size, 0) };
    },
  };
}

function drained(): StreamEndError {
  return new StreamEndError(
    'SUBSCRIPTION_DRAINED',
    'The gateway is about to end. Subscribe again, with `after` if there is a cursor: another one will go on.',
  );
}

function tooMany(why: string): StreamEndError {
  return new StreamEndError('TOO_MANY_SUBSCRIPTIONS', `${why}. End some of them, or try again later.`);
}
