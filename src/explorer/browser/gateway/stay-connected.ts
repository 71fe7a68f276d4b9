import { createStore } from '../store.ts';
import { ApiError, asApiError } from './api-error.ts';
import { askForToken } from './token-form.ts';

/** The longest wait before connecting again. */
const MAX_DELAY_MS = 2000;

interface Connection {
  readonly state: 'connecting' | 'live' | 'lost';
  /** Why it was lost. */
  readonly error: ApiError | undefined;
  /** Times in milliseconds. */
  readonly nextTryAt: number;
  readonly lostAt: number;
}

/** Whether the gateway can be reached. */
export const connection = createStore<Connection>({
  state: 'connecting',
  error: undefined,
  nextTryAt: 0,
  lostAt: 0,
});

/** An event `wake` ends all waits. */
const waking = new EventTarget();
export const retryNow = (): boolean => waking.dispatchEvent(new Event('wake'));
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', retryNow);

/** Waits for an event `wake`, or until the signal aborts. */
const wake = (signal: AbortSignal): Promise<unknown> =>
  new Promise((resolve) => {
    waking.addEventListener('wake', resolve, { once: true, signal });
    signal.addEventListener('abort', resolve);
    if (signal.aborted) resolve(undefined);
  });

/**
 * Does something that lasts as long as its connection, such as loading a list and then following it, and does it again
 * when the connection was lost. Pauses while nobody looks at the page. Returns when it is aborted.
 *
 * @param work calls `onLive` when it is connected
 * @throws ApiError that won't go away by itself
 */
export async function stayConnected(
  work: (signal: AbortSignal, onLive: () => void) => Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  for (let failures = 0; !signal.aborted; failures += 1) {
    const attempt = new AbortController();
    // A page that nobody looks at gives its connection back: browsers have six to a host.
    const pause = (): void => {
      if (document.hidden) attempt.abort();
    };
    document.addEventListener('visibilitychange', pause, { signal: attempt.signal });
    let error = new ApiError({ message: 'The gateway ended the stream.', extensions: { retryable: true } });
    try {
      await work(AbortSignal.any([signal, attempt.signal]), () => {
        failures = 0;
        connection.set({ state: 'live', error: undefined });
      });
    } catch (caught) {
      error = asApiError(caught);
    }
    if (!attempt.signal.aborted) await handle(error, failures, signal);
    attempt.abort();
    while (document.hidden && !signal.aborted) await wake(signal);
  }
}

/** Waits until it is time to try again. Throws an error that won't go away by itself. */
async function handle(error: ApiError, failures: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  if (error.code === 'UNAUTHENTICATED') await askForToken();
  else if (!error.isRetryable) {
    connection.set({ state: 'live', error: undefined });
    throw error;
  }
  const backoffMs = Math.min(MAX_DELAY_MS, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  const delayMs = Math.max(backoffMs, error.retryAfterMs);
  const { state, lostAt } = connection.get();
  const now = Date.now();
  connection.set({ state: 'lost', error, nextTryAt: now + delayMs, lostAt: state === 'lost' ? lostAt : now });
  await wake(AbortSignal.any([signal, AbortSignal.timeout(delayMs)]));
}
