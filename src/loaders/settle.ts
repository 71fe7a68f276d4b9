import pMap from 'p-map';

/** Look-ups at a time. */
const MAX_AT_ONCE = 16;

/** A failure is told at the position of its id, and does not end the others. */
export function settle<Value>(
  ids: readonly string[],
  lookUp: (id: string) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return pMap(ids, (id) => lookUp(id).catch(asError), { concurrency: MAX_AT_ONCE });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
