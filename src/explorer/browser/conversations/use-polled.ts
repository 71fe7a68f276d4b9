import { type ApiError, asApiError } from '../gateway/api-error.ts';
import { stayConnected } from '../gateway/stay-connected.ts';
import { useEffect, useState } from '../preact.ts';
import { pause } from '../run/run-store.ts';

/**
 * Reads something again and again, while the page is visible.
 *
 * @param read is given how often it was called since the connection was made, and returns the milliseconds until the next time
 * @returns why it is no longer read, and a function that begins anew
 */
export function usePolled(
  read: (round: number, signal: AbortSignal) => Promise<number>,
): readonly [error: ApiError | undefined, retry: () => void] {
  const [error, setError] = useState<ApiError>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    const controller = new AbortController();
    const work = async (signal: AbortSignal, onLive: () => void): Promise<void> => {
      for (let round = 0; ; round += 1) {
        const ms = await read(round, signal);
        onLive();
        await pause(ms, signal);
      }
    };
    setError(undefined);
    void stayConnected(work, controller.signal).catch((caught: unknown) => setError(asApiError(caught)));
    return () => controller.abort();
  }, [attempt]);
  return [error, () => setAttempt(attempt + 1)];
}
