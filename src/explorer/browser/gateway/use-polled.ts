import { useEffect, useState } from '../preact.ts';
import { type ApiError, asApiError } from './api-error.ts';
import { stayConnected } from './stay-connected.ts';

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
        await pause(ms, connected);
      }
    };
    void stayConnected(work, ended.signal).catch((error: unknown) => onError(asApiError(error)));
    return () => ended.abort();
  }, [attempt]);
  return () => setAttempt(attempt + 1);
}

/** Waits; throws if the signal aborts meanwhile. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    setTimeout(resolve, ms);
    signal.addEventListener('abort', () => resolve());
  });
  signal.throwIfAborted();
}
