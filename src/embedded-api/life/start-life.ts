import { createRandom } from '../samples/random.ts';
import type { RunStore } from '../store/store.ts';
import { createLife } from './life.ts';

/** How often the clock is looked at: more often than anything happens to one run. */
const TICK_MS = 250;

interface LifeTimer {
  readonly now: () => Date;
  /** Called with an unexpected error, after which the life goes on. */
  readonly onError: (error: unknown) => void;
}

/**
 * Lets runs live in a store by a real timer, which doesn't keep the process alive. Chance begins with the clock, since
 * a file must not get the same ids twice. Disposing stops everything where it is.
 */
export function startLifeOf(store: RunStore, { now, onError }: LifeTimer): Disposable {
  const start = now();
  const life = createLife({ store, start, random: createRandom(start.getTime()) });
  const tick = (): void => {
    try {
      life.advance(now());
    } catch (error) {
      onError(error);
    }
  };
  tick();
  const timer = setInterval(tick, TICK_MS).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
