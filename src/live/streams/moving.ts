import { GatewayError } from '../../errors/gateway-error.ts';
import { StreamError } from './errors.ts';
import type { ReaderEvents } from './hub.ts';

/** The two pollers by which one reader is served, one after the other. */
export interface Pollers<Event> {
  /**
   * Opens its events by the poller of its caller alone.
   *
   * @param mayLeave whether they may end once all that it has seen comes from that poller, and nothing from a cursor
   */
  readonly own: (mayLeave: () => boolean) => ReaderEvents<Event>;
  /** Opens its events by the poller that callers share. */
  readonly shared: () => ReaderEvents<Event>;
}

export interface MovingOptions {
  readonly startsShared: boolean;
  /** The time in milliseconds. */
  readonly now: () => number;
  /** Called when it has ended, for whatever reason; perhaps again. */
  readonly onEnd: () => void;
}

/** Milliseconds after which a reader may leave its caller's poller: as long as a run that has stopped is watched. */
const OWN_MS = 15_000;

/**
 * The events of a reader that shares a poller with other callers as long as it costs nothing more than they do. One
 * that brings a cursor, which may be made up, or has fallen behind, is served by its own caller's poller until it has
 * caught up. So what one caller does neither delays nor charges another.
 */
export function readMoving<Event>(
  { own, shared }: Pollers<Event>,
  { startsShared, now, onEnd }: MovingOptions,
): ReaderEvents<Event> {
  let isShared = startsShared;
  let isClosed = false;
  let isLeaving = false;
  let reason: Error | undefined;
  const open = (): ReaderEvents<Event> => {
    const openedAt = now();
    isLeaving = false;
    const opened = isShared ? shared() : own(() => (isLeaving = now() - openedAt >= OWN_MS));
    if (reason !== undefined) opened.end(reason);
    return opened;
  };
  let events = open();
  return {
    async next() {
      for (;;) {
        try {
          const result = await events.next();
          if (result.done === true && (!isLeaving || isClosed)) onEnd();
          if (result.done !== true || !isLeaving || isClosed) return result;
        } catch (error) {
          if (isShared && !isClosed && isBehind(error)) isLeaving = true;
          else {
            onEnd();
            throw error;
          }
        }
        isShared = !isShared;
        events = open();
      }
    },
    async return() {
      isClosed = true;
      onEnd();
      await events.return?.();
      return { done: true, value: undefined };
    },
    end(why) {
      reason = why;
      events.end(why);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function isBehind(error: unknown): boolean {
  const cause = error instanceof StreamError ? error.cause : undefined;
  return cause instanceof GatewayError && cause.code === 'CURSOR_TOO_OLD';
}
