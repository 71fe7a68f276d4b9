import { GatewayError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { cantContinue, VanishedPositionError } from '../../lists/list-errors.ts';
import { type Backoff, PollInterval } from './poll-interval.ts';
import { StreamError } from './stream-errors.ts';

/** A list or a run that is polled for any number of readers. */
export interface Polled<Reader, Event> {
  /**
   * Polls once.
   *
   * @returns whether something changed, or may change at any moment; and the readers that can't go on, with why
   * @throws UpstreamError, VanishedPositionError
   */
  poll(readers: readonly Reader[]): Promise<{ isBusy: boolean; lost?: ReadonlyMap<Reader, Error> }>;
  /** Returns the next event of a reader; undefined if it has read all events. */
  next(reader: Reader): { readonly event: Event } | undefined;
  /** Whether no more events come. */
  readonly hasEnded: boolean;
  /** Returns the cursor from which the reader can go on after an error. */
  cursorOf?(reader: Reader): string | undefined;
}

/** The events of one reader. */
export interface ReaderEvents<Event> extends AsyncIterableIterator<Event, undefined> {
  /** Ends the events early: the next request for an event rejects with the reason. */
  end(reason: Error): void;
}

/**
 * Yields the events of a reader as they come; a slow reader gets fewer events, of later states. `return` ends them
 * at once. Rejects with {@link StreamError} when they end although more could come.
 *
 * @param onEnd called when the events have ended, for whatever reason, perhaps more than once
 */
export type SharedPoller<Reader, Event> = (reader: Reader, onEnd: () => void) => ReaderEvents<Event>;

interface Subscription {
  /** Resolves when there may be a new event. */
  woken: PromiseWithResolvers<void>;
  /** Whether a poll has succeeded since the reader came. */
  hasBegun: boolean;
  end: Error | undefined;
}

/** The most readers that are woken in one turn of the event loop, so that a turn takes only some milliseconds. */
const WOKEN_AT_ONCE = 32;

/**
 * Shares one poller among its readers, and polls as long as it has any.
 *
 * @param idleMs the most milliseconds between two polls while nothing changes
 * @param backoff the pauses of the caller after a 429
 * @param onEmpty called when the last reader has left
 * @param open opens the poller; the signal aborts its requests when the last reader has left
 */
export function sharePoller<Reader, Event>(
  idleMs: number,
  backoff: Backoff,
  onEmpty: () => void,
  open: (signal: AbortSignal) => Polled<Reader, Event>,
): SharedPoller<Reader, Event> {
  const abandoned = new AbortController();
  const polled = open(abandoned.signal);
  const interval = new PollInterval(idleMs, backoff);
  const subscriptions = new Map<Reader, Subscription>();
  let isPolling = false;
  let timer: NodeJS.Timeout | undefined;
  let dueAt = Infinity;

  /** Wakes all readers in several turns of the event loop, so that requests are served in between. */
  const wakeAll = (rest = subscriptions.values()): void => {
    for (let woken = 0; woken < WOKEN_AT_ONCE; woken++) {
      const { done, value } = rest.next();
      if (done === true) return;
      value.woken.resolve();
    }
    setImmediate(wakeAll, rest);
  };
  const endWith = (subscription: Subscription, reason: Error): void => {
    subscription.end ??= reason;
    subscription.woken.resolve();
  };

  const poll = async (): Promise<void> => {
    isPolling = true;
    try {
      backoff.check();
      const present = [...subscriptions];
      const { isBusy, lost } = await polled.poll(present.map(([reader]) => reader));
      interval.succeeded(isBusy);
      // A reader that comes later gets a new poller, since this one polls no more.
      if (polled.hasEnded) onEmpty();
      for (const [reader, subscription] of present) {
        subscription.hasBegun = true;
        const reason = lost?.get(reader);
        if (reason !== undefined) endWith(subscription, reason);
      }
      wakeAll();
    } catch (error) {
      const other = error instanceof Error ? error : new Error('A poll failed', { cause: error });
      const reason = error instanceof VanishedPositionError ? cantContinue(error) : other;
      backoff.failed(reason);
      const isFinal = interval.failed() || backoff.isLong || !isPassing(reason);
      for (const subscription of subscriptions.values()) {
        // A new reader learns at once that polls fail.
        if (isFinal || !subscription.hasBegun) endWith(subscription, reason);
      }
    }
    isPolling = false;
    schedule();
  };

  /** Sets the time of the next poll, or an earlier one. */
  const schedule = (): void => {
    if (isPolling || polled.hasEnded || subscriptions.size === 0) return;
    const delay = interval.delayMs(subscriptions.values().some(({ hasBegun }) => !hasBegun));
    if (performance.now() + delay >= dueAt) return;
    clearTimeout(timer);
    dueAt = performance.now() + delay;
    timer = setTimeout(() => {
      dueAt = Infinity;
      // Another poller of the caller may have got a 429 meanwhile. If the pause is long, `poll` ends the streams.
      if (backoff.pauseMs > 0 && !backoff.isLong) schedule();
      else void poll();
    }, delay);
  };

  const unsubscribe = (reader: Reader): void => {
    if (!subscriptions.delete(reader) || subscriptions.size > 0) return;
    onEmpty();
    clearTimeout(timer);
    abandoned.abort(new DOMException('All readers have left', 'AbortError'));
  };

  return (reader, onEnd) => {
    const subscription: Subscription = { woken: Promise.withResolvers(), hasBegun: false, end: undefined };
    let isClosed = false;
    const close = (): { done: true; value: undefined } => {
      isClosed = true;
      unsubscribe(reader);
      onEnd();
      subscription.woken.resolve();
      return { done: true, value: undefined };
    };
    subscriptions.set(reader, subscription);
    if (subscriptions.size === 1) void poll();
    else schedule();
    return {
      async next() {
        for (;;) {
          if (isClosed) return close();
          if (subscription.end !== undefined) {
            close();
            throw new StreamError(subscription.end, polled.cursorOf?.(reader));
          }
          const next = polled.next(reader);
          if (next !== undefined) return { done: false, value: next.event };
          if (polled.hasEnded) return close();
          await subscription.woken.promise;
          subscription.woken = Promise.withResolvers();
        }
      },
      return: async () => close(),
      end(reason) {
        // Unsubscribed at once: a client that never reads the end of its events must cause no more polls.
        unsubscribe(reader);
        endWith(subscription, reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
}

/** Whether polling may succeed again after a failure. */
function isPassing(error: Error): boolean {
  if (error instanceof GatewayError && error.code === 'OVERLOADED') return true;
  if (!(error instanceof UpstreamError) || error.ignoredFilters.length > 0) return false;
  // A proxy answers so while the API restarts.
  if (error.lacksRoute) return true;
  return !['UNAUTHENTICATED', 'FORBIDDEN', 'UPSTREAM_REJECTED'].includes(error.code);
}
