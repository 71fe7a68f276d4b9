import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';
import { onTestFinished, vi } from 'vitest';

const { setTimeout: realSleep } = timers;

export type Clock = ReturnType<typeof stopClock>;

const HOUR_MS = 3_600_000;

/**
 * Stops time for the running test: `Date`, `performance.now`, timers, and those of `node:timers/promises`, which
 * Vitest leaves as they are. Work that waits for no timer goes on as ever. Time goes on when it is disposed of, or the
 * test ends.
 */
export function stopClock(now: Date | string = '2026-01-01T00:00:00Z') {
  vi.useFakeTimers({ now: new Date(now), toFake: [...FAKED] });
  setSleep(sleep);
  const goOn = () => {
    vi.useRealTimers();
    setSleep(realSleep);
  };
  onTestFinished(goOn);
  /** Lets so many milliseconds pass, with all that is due in them. */
  const pass = async (ms: number): Promise<void> => {
    await settle();
    for (let rest = ms; rest >= 0; rest -= STEP_MS) {
      await vi.advanceTimersByTimeAsync(Math.min(rest, STEP_MS));
      await settle();
    }
  };
  return {
    pass,
    [Symbol.dispose]: goOn,
    /** Lets time pass until something has come, at most an hour. */
    async until<Value>(coming: Promise<Value>): Promise<Value> {
      let isThere = false;
      const arrive = () => void (isThere = true);
      coming.then(arrive, arrive);
      const end = Date.now() + HOUR_MS;
      // oxlint-disable-next-line no-unmodified-loop-condition -- Another turn modifies it.
      for (await settle(); !isThere && Date.now() < end; await settle())
        await vi.advanceTimersToNextTimerAsync();
      return coming;
    },
  };
}

/** Takes the jitter out of whatever waits for the running test, so that it is due when it may be due first. */
export function stopJitter(): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
}

/** What promises and streams need is left as it is. */
const FAKED = ['Date', 'performance', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] as const;

/** The most milliseconds that pass at once: events of streams, too, take turns of the event loop. */
const STEP_MS = 500;
/** Turns of the event loop in which work that waits for no timer gets done. */
const TURNS = 20;

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve));
}

function sleep<Value>(
  ms?: number,
  value?: Value,
  { signal }: { signal?: AbortSignal | undefined } = {},
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException('The operation was aborted', 'AbortError'));
    if (signal?.aborted) return abort();
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', end);
      resolve(value as Value);
    }, ms);
    const end = () => {
      clearTimeout(timer);
      abort();
    };
    signal?.addEventListener('abort', end, { once: true });
  });
}

function setSleep(replaced: typeof realSleep): void {
  Object.assign(timers, { setTimeout: replaced });
  syncBuiltinESMExports();
}
