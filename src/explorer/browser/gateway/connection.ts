import { type ApiError, asApiError } from '../../../client/api-error.ts';
import { follow, isCursorLost, retryDelayMs } from '../../../client/follow.ts';
import { useEffect, useState } from '../preact.ts';
import { createStore } from '../store.ts';
import { askForToken, isRefused } from './token-form.ts';

/** The longest wait before connecting again. */
const MAX_DELAY_MS = 2000;

interface Connection {
  readonly state: 'connecting' | 'live' | 'lost';
  /** Why the connection was lost. */
  readonly error: ApiError | undefined;
  /** Times in milliseconds since 1970. */
  readonly nextTryAt: number;
  readonly lostAt: number;
}

/** Whether the gateway can be reached. */
export const connectionState = createStore<Connection>({
  state: 'connecting',
  error: undefined,
  nextTryAt: 0,
  lostAt: 0,
});
export const setLive = (): void => connectionState.set({ state: 'live', error: undefined });

/** Emits `wake`, which ends all waits between attempts to connect. */
const waking = new EventTarget();
export const retryNow = (): boolean => waking.dispatchEvent(new Event('wake'));
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', retryNow);

/** Resolves when the signal aborts, or at the next event `wake` of `wakes`. */
const abortOf = (signal: AbortSignal, wakes?: EventTarget): Promise<unknown> =>
  new Promise((resolve) => {
    wakes?.addEventListener('wake', resolve, { once: true, signal });
    signal.addEventListener('abort', resolve);
    if (signal.aborted) resolve(undefined);
  });

/** What is followed while the page is visible. A signal ends each request. */
interface Shown<Event> {
  readonly begin: (signal: AbortSignal) => Promise<string | null>;
  readonly subscribe: (after: string | null, signal: AbortSignal) => AsyncIterable<Event>;
}

/**
 * Follows a list until the signal aborts; not while the page is hidden, since browsers allow six connections per host.
 *
 * @throws an ApiError that isn't retryable
 */
export async function* followShown<Event extends { readonly cursor: string | null }>(
  { begin, subscribe }: Shown<Event>,
  signal: AbortSignal,
): AsyncGenerator<Event, void> {
  let hiding = new AbortController();
  const rest = (): void => {
    if (document.hidden) hiding.abort();
  };
  document.addEventListener('visibilitychange', rest, { signal });
  const ended = (): AbortSignal => AbortSignal.any([signal, hiding.signal]);
  const wait = async (error: unknown, failures: number): Promise<void> => {
    if (!hiding.signal.aborted) await waitToRetry(asApiError(error), failures, signal);
    while (document.hidden && !signal.aborted) await abortOf(signal, waking);
    signal.throwIfAborted();
    hiding = new AbortController();
  };
  try {
    yield* follow({
      begin: () => begin(ended()),
      subscribe: (after) => subscribe(after, ended()),
      wait,
    });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Waits until the next attempt. @throws the error if it isn't retryable */
async function waitToRetry(error: ApiError, failures: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (isRefused(error)) await askForToken();
  else if (error.extensions.retryable !== true && !isCursorLost(error)) {
    setLive();
    throw error;
  }
  const delayMs = retryDelayMs(error, failures, MAX_DELAY_MS);
  const { state, lostAt } = connectionState.get();
  const now = Date.now();
  connectionState.set({
    state: 'lost',
    error,
    nextTryAt: now + delayMs,
    lostAt: state === 'lost' ? lostAt : now,
  });
  await abortOf(AbortSignal.any([signal, AbortSignal.timeout(delayMs)]), waking);
}

/**
 * Reads again and again while the page is visible, also after connections were lost; the result starts anew.
 *
 * @param read receives the number of earlier reads over this connection; returns milliseconds to wait, undefined to end
 * @param onError called when an error ends the reading
 */
export function usePolled(
  read: (round: number, signal: AbortSignal) => Promise<number | undefined>,
  onError: (error: ApiError) => void,
): () => void {
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const ending = new AbortController();
    async function* readings(signal: AbortSignal) {
      for (let round = 0; ; round += 1) {
        const ms = await read(round, signal);
        setLive();
        yield { cursor: null, ms };
        await abortOf(AbortSignal.any([signal, AbortSignal.timeout(ms ?? 0)]));
        signal.throwIfAborted();
      }
    }
    const poll = async (): Promise<void> => {
      const shown = {
        begin: async () => null,
        subscribe: (_after: null | string, signal: AbortSignal) => readings(signal),
      };
      for await (const { ms } of followShown(shown, ending.signal)) if (ms === undefined) return;
    };
    poll().catch((error: unknown) => onError(asApiError(error)));
    return () => ending.abort();
  }, [attempt]);
  return () => setAttempt(attempt + 1);
}
