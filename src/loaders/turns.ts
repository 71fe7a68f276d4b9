/** Runs tasks, so many at a time, in their order. One that waits is kept as small as can be. */
export type Turns = <T>(task: () => Promise<T>) => Promise<T>;

/** @param max the tasks at a time */
export function createTurns(max: number): Turns {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (task) => {
    if (running < max) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      // It takes the place of the one that has ended.
      if (next === undefined) running--;
      else next();
    }
  };
}
