import { createRandom } from '../samples/random.ts';
import type { RunStore } from '../store/store.ts';
import { createLiveRuns } from './live-runs.ts';

/** How often the clock is looked at: more often than anything happens to one run. */
const TICK_MS = 250;

interface LiveTimer {
  readonly now: () => Date;
  /** Called with an unexpected error, after which they go on. */
  readonly onError: (error: unknown) => void;
}

/**
 * Lets runs happen in a store by a real timer, which doesn't keep the process alive. The seed is the time, since a
 * file must not get the same ids twice. Disposing stops everything where it is.
 */
export function startLiveRuns(store: RunStore, { now, onError }: LiveTimer): Disposable {
  const start = now();
  const live = createLiveRuns({ store, start, random: createRandom(start.getTime()) });
  const tick = (): void => {
    try {
      live.advance(now());
    } catch (error) {
      onError(error);
    }
  };
  tick();
  const timer = setInterval(tick, TICK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
