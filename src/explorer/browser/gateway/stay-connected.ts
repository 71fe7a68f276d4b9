import { useEffect, useState } from '../preact.ts';
import { createStore } from '../store.ts';
import { ApiError, asApiError } from './api-error.ts';
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

/** Its event `wake` ends all waits to connect. */
const waking = new EventTarget();
export const retryNow = (): boolean => waking.dispatchEvent(new Event('wake'));
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', retryNow);

/** Resolves when the signal aborts, or at the next event `wake`, if there are any. */
const abortOf = (signal: AbortSignal, wakes?: EventTarget): Promise<unknown> =>
  new Promise((resolve) => {
    wakes?.addEventListener('wake', resolve, { once: true, signal });
    signal.addEventListener('abort', resolve);
    if (signal.aborted) resolve(undefined);
  });

/**
 * Runs `work` again when its connection is lost, and pauses it while the page is hidden. Returns when the signal aborts.
 *
 * @param work calls `onLive` when it is connected
 * @throws ApiError if it isn't retryable
 */
export async function stayConnected(
  work: (signal: AbortSignal, onLive: () => void) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const attempt = new AbortController();
    // A hidden page gives its connection back: browsers have six to a host.
    const pause = (): void => {
      if (document.hidden) attempt.abort();
    };
    document.addEventListener('visibilitychange', pause, { signal: attempt.signal });
    let error = new ApiError({ message: 'The gateway ended the stream.', extensions: { retryable: true } });
    try {
      await work(AbortSignal.any([signal, attempt.signal]), () => {
        failures = 0;
        connectionState.set({ state: 'live', error: undefined });
      });
    } catch (caught) {
      error = asApiError(caught);
    }
    if (!attempt.signal.aborted) await waitToRetry(error, failures, signal);
    attempt.abort();
    while (document.hidden && !signal.aborted) await abortOf(signal, waking);
  }
}

/** Waits until the next attempt. @throws the error if it isn't retryable */
async function waitToRetry(error: ApiError, failures: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { retryable = false, retryAfterSeconds = 0 } = error.extensions;
  if (isRefused(error)) await askForToken();
  else if (!retryable) {
    connectionState.set({ state: 'live', error: undefined });
    throw error;
  }
  const backoffMs = Math.min(MAX_DELAY_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  const delayMs = Math.max(backoffMs, retryAfterSeconds * 1000);
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
 * Reads again and again while the page is visible, also after the connection was lost; returns a function to begin anew.
 *
 * @param read is given how often it was called by this connection; returns milliseconds to wait, undefined to end
 * @param onError called when an error ends it
 */
export function usePolled(
  read: (round: number, signal: AbortSignal) => Promise<number | undefined>,
  onError: (error: ApiError) => void,
): () => void {
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const ended = new AbortController();
    const work = async (connected: AbortSignal, onLive: () => void): Promise<void> => {
      for (let round = 0; ; round += 1) {
        const ms = await read(round, connected);
        onLive();
        // The abort ends the attempts to stay connected.
        if (ms === undefined) return ended.abort();
        await abortOf(AbortSignal.any([connected, AbortSignal.timeout(ms)]));
        connected.throwIfAborted();
      }
    };
    void stayConnected(work, ended.signal).catch((error: unknown) => onError(asApiError(error)));
    return () => ended.abort();
  }, [attempt]);
  return () => setAttempt(attempt + 1);
}
