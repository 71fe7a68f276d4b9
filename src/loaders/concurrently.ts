/**
 * Runs a task for each item, at most so many at a time, and settles all of them: a failure is told
 * in the place of its item, as an Error, and does not end the others.
 */
export async function concurrently<Item, Result>(
  items: readonly Item[],
  limit: number,
  task: (item: Item) => Promise<Result>,
): Promise<(Result | Error)[]> {
  const results: (Result | Error)[] = [];
  const queue = items.entries();
  const work = async (): Promise<void> => {
    for (const [index, item] of queue) {
      results[index] = await task(item).catch(asError);
    }
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
