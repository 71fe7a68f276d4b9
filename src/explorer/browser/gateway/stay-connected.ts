import { createStore } from '../store.ts';
import { ApiError, asApiError } from './api-error.ts';
import { askForToken } from './token-form.ts';

/** The longest wait before connecting again, while somebody looks at the page and while nobody does. */
const MAX_DELAY_MS = { visible: 2000, hidden: 30_000 };
/** A page that nobody looks at gives its connection back: browsers have six to a host. */
const HIDDEN_MS = 10_000;

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

/** Wakes whoever waits to connect again. */
const waking = new EventTarget();
export const retryNow = (): boolean => waking.dispatchEvent(new Event('wake'));
addEventListener('online', retryNow);
document.addEventListener('visibilitychange', retryNow);

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
  for (let failures = 0; !signal.aborted;) {
    const hidden = new AbortController();
    const stopWatching = abortWhenHidden(hidden);
    let error;
    try {
      await work(AbortSignal.any([signal, hidden.signal]), () => {
        failures = 0;
        connection.set({ state: 'live', error: undefined });
      });
      error = new ApiError({ message: 'The gateway ended the stream.', extensions: { retryable: true } });
    } catch (caught) {
      error = asApiError(caught);
    }
    stopWatching();
    if (signal.aborted) return;
    if (hidden.signal.aborted) {
      while (document.hidden && !signal.aborted) await nextEvent(document, 'visibilitychange', signal);
      continue;
    }
    if (error.code === 'UNAUTHENTICATED') await askForToken();
    else if (!error.isRetryable) {
      connection.set({ state: 'live', error: undefined });
      throw error;
    }
    await waitToRetry(error, failures++, signal);
  }
}

/** @param failures before this one */
async function waitToRetry(error: ApiError, failures: number, signal: AbortSignal): Promise<void> {
  const longest = MAX_DELAY_MS[document.hidden ? 'hidden' : 'visible'];
  const backoffMs = Math.min(longest, 500 * 2 ** failures) * (0.5 + Math.random() / 2);
  const delayMs = Math.max(backoffMs, error.retryAfterMs);
  const { state, lostAt } = connection.get();
  const now = Date.now();
  connection.set({ state: 'lost', error, nextTryAt: now + delayMs, lostAt: state === 'lost' ? lostAt : now });
  await nextEvent(waking, 'wake', AbortSignal.any([signal, AbortSignal.timeout(delayMs)]));
}

/** Waits for an event, or until it is aborted. */
async function nextEvent(target: EventTarget, type: string, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  const { promise, resolve } = Promise.withResolvers<unknown>();
  target.addEventListener(type, resolve, { once: true });
  signal.addEventListener('abort', resolve, { once: true });
  await promise;
  target.removeEventListener(type, resolve);
  signal.removeEventListener('abort', resolve);
}

/** Aborts when the page has been hidden for a while. Returns what ends it. */
function abortWhenHidden(controller: AbortController): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const change = (): void => {
    clearTimeout(timer);
    if (document.hidden) timer = setTimeout(() => controller.abort(), HIDDEN_MS);
  };
  change();
  document.addEventListener('visibilitychange', change);
  return () => {
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', change);
  };
}
