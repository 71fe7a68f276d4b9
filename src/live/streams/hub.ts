import { UpstreamError } from '../../errors/upstream-error.ts';
import { VanishedPositionError } from '../../lists/errors.ts';
import { StreamError } from './errors.ts';
import { createPace, type PaceOptions } from './pace.ts';

/** What is polled, for any number of readers. */
export interface Polled<Reader, Event> {
  /** Polls once. @throws UpstreamError, VanishedPositionError */
  poll(readers: ReadonlySet<Reader>): Promise<{
    /** Whether something changed, or may change at any moment. */
    readonly isBusy: boolean;
    /** Readers that can't go on, with why. */
    readonly lost?: ReadonlyMap<Reader, Error>;
  }>;
  /** Returns the next event of a reader; undefined if it has read all that there is. */
  next(reader: Reader): { readonly event: Event } | undefined;
  /** Whether no more events come. */
  readonly isOver: boolean;
  /** The cursor to go on from; without it, a reader that comes again begins anew. */
  cursorOf?(reader: Reader): string | undefined;
}

export interface HubOptions<Reader, Event> extends PaceOptions {
  /** @param signal aborts when the last reader has left */
  readonly open: (signal: AbortSignal) => Polled<Reader, Event>;
  /** Called when the last reader has left. */
  readonly onEmpty: () => void;
  /** Milliseconds before the first poll, which readers that come together then share. @default 0 */
  readonly beginsAfterMs?: number;
}

/** The events of one reader. */
export interface ReaderEvents<Event> extends AsyncIterableIterator<Event, undefined> {
  /** Ends them early: the next one that is asked for is this reason. */
  end(reason: Error): void;
}

/**
 * Yields the events of a reader as they come; a slow one gets fewer, of later states. `return` ends it
 * at once. Rejects with {@link StreamError} when it ends for another reason than that no more can come.
 *
 * @param onEnd called when it has ended, for whatever reason; perhaps again
 * @param mayLeave asked after a poll that brought nothing new: whether the events end
 */
export type Hub<Reader, Event> = (
  reader: Reader,
  onEnd?: () => void,
  mayLeave?: () => boolean,
) => ReaderEvents<Event>;

interface Subscription {
  /** Called when there may be something new. */
  wake: () => void;
  /** Whether a poll has succeeded since it came. */
  hasBegun: boolean;
  end: Error | undefined;
}

/** Readers whose next event is written in one turn of the event loop, which takes some milliseconds. */
const WOKEN_AT_ONCE = 32;

/** Shares one poller among its readers. It polls as long as there are any. */
export function createHub<Reader, Event>(options: HubOptions<Reader, Event>): Hub<Reader, Event> {
  const left = new AbortController();
  const polled = options.open(left.signal);
  const pace = createPace(options);
  const { beginsAfterMs = 0 } = options;
  const subscriptions = new Map<Reader, Subscription>();
  let waiting: { readonly start: () => void; readonly hurry: () => void } | undefined;
  let isPolling = false;

  /** In several turns of the event loop, so that requests are served in between, however many readers there are. */
  const wakeAll = (rest = subscriptions.values()): void => {
    for (let woken = 0; woken < WOKEN_AT_ONCE; woken++) {
      const { done, value } = rest.next();
      if (done === true) return;
      value.wake();
    }
    setImmediate(wakeAll, rest);
  };
  const endWith = (subscription: Subscription | undefined, reason: Error): void => {
    if (subscription === undefined) return;
    subscription.end ??= reason;
    subscription.wake();
  };

  const pollOnce = async (): Promise<void> => {
    const present = [...subscriptions];
    try {
      const { refusal } = options.backoff;
      if (refusal !== undefined) throw refusal;
      const { isBusy, lost } = await polled.poll(new Set(present.map(([reader]) => reader)));
      pace.succeeded(isBusy);
      for (const [, subscription] of present) subscription.hasBegun = true;
      for (const [reader, reason] of lost ?? []) endWith(subscriptions.get(reader), reason);
      wakeAll();
    } catch (error) {
      const reason = error instanceof Error ? error : new Error('A poll failed', { cause: error });
      options.backoff.failed(reason);
      const isFinal = pace.failed() || !isPassing(reason);
      for (const subscription of subscriptions.values()) {
        // A reader that has only come learns at once that it doesn't work.
        if (isFinal || !subscription.hasBegun) endWith(subscription, reason);
      }
    }
  };

  const delayMs = (): number => pace.delayMs(subscriptions.values().some(({ hasBegun }) => !hasBegun));

  /** @param firstMs milliseconds, if not those of the pace */
  const wait = (firstMs?: number): Promise<void> =>
    new Promise((resolve) => {
      let dueAt = Infinity;
      let timer: NodeJS.Timeout | undefined;
      const start = (): void => {
        clearTimeout(timer);
        waiting = undefined;
        resolve();
      };
      const hurry = (delay = delayMs()): void => {
        if (options.now() + delay >= dueAt) return;
        clearTimeout(timer);
        dueAt = options.now() + delay;
        timer = setTimeout(start, delay);
      };
      waiting = { start, hurry };
      hurry(firstMs);
    });

  const run = async (): Promise<void> => {
    isPolling = true;
    if (beginsAfterMs > 0) await wait(beginsAfterMs);
    while (subscriptions.size > 0) {
      await pollOnce();
      if (polled.isOver || subscriptions.size === 0) break;
      do await wait();
      while (subscriptions.size > 0 && options.backoff.pauseMs > 0);
    }
    isPolling = false;
  };

  const leave = (reader: Reader): void => {
    if (!subscriptions.delete(reader) || subscriptions.size > 0) return;
    options.onEmpty();
    left.abort(new DOMException('All readers have left', 'AbortError'));
    waiting?.start();
  };

  return (reader, onEnd, mayLeave) => {
    let woken = Promise.withResolvers<void>();
    const subscription: Subscription = { wake: () => woken.resolve(), hasBegun: false, end: undefined };
    let isDone = false;
    const finish = (): { done: true; value: undefined } => {
      leave(reader);
      onEnd?.();
      isDone = true;
      subscription.wake();
      return { done: true, value: undefined };
    };
    subscriptions.set(reader, subscription);
    if (isPolling) waiting?.hurry();
    else void run();
    return {
      async next() {
        for (;;) {
          if (isDone) return finish();
          if (subscription.end !== undefined) {
            finish();
            throw new StreamError(subscription.end, polled.cursorOf?.(reader));
          }
          const next = polled.next(reader);
          if (next !== undefined) return { done: false, value: next.event };
          if (polled.isOver || (subscription.hasBegun && mayLeave?.() === true)) return finish();
          await woken.promise;
          woken = Promise.withResolvers();
        }
      },
      return: async () => finish(),
      end(reason) {
        // A client that never reads its end causes no more polls.
        leave(reader);
        endWith(subscription, reason);
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };
}

/** Whether a failure may pass. */
function isPassing(error: Error): boolean {
  if (error instanceof VanishedPositionError) return true;
  if (!(error instanceof UpstreamError) || error.ignoredFilters.length > 0) return false;
  return !['UNAUTHENTICATED', 'FORBIDDEN', 'UPSTREAM_REJECTED'].includes(error.code);
}
