import { UpstreamError } from '../../errors/upstream-error.ts';
import { type RetryOptions, withRetries } from './retry.ts';

/** What became of a POST. Only an answer of 200 leaves `error` undefined. */
export interface PostOutcome {
  /** Whether it may have been received. If not, certainly nothing has happened upstream. */
  readonly wasSent: boolean;
  readonly error: UpstreamError | undefined;
}

/**
 * Sends a POST that must not be received twice. It is tried again only while nothing has been sent, as
 * after a refused connection.
 *
 * @param attempt sends it, and calls `onSend` right before the first byte
 * @param client aborts when the client has disconnected, which ends the call only before that byte:
 *   afterwards it is waited for, up to the deadline, as breaking off would not undo what it does
 * @throws the reason of `client`
 */
export async function postOnce(
  attempt: (signal: AbortSignal, onSend: () => void) => Promise<unknown>,
  client: AbortSignal,
  options: RetryOptions,
): Promise<PostOutcome> {
  client.throwIfAborted();
  let wasSent = false;
  const call = new AbortController();
  const onDisconnect = (): void => {
    if (!wasSent) call.abort(client.reason);
  };
  const onSend = (): void => void (wasSent = true);
  client.addEventListener('abort', onDisconnect, { once: true });
  try {
    await withRetries((signal) => attempt(signal, onSend), call, { ...options, mayRetry: () => !wasSent });
    return { wasSent, error: undefined };
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    return { wasSent, error };
  } finally {
    client.removeEventListener('abort', onDisconnect);
  }
}
