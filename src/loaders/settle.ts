import pMap from 'p-map';

/** Look-ups in flight. */
const MAX_AT_ONCE = 16;

/** Looks up all ids, in order. A failed look-up becomes an Error in its place, and the others continue. */
export function settle<Value>(
  ids: readonly string[],
  lookUp: (id: string) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return pMap(ids, (id) => lookUp(id).catch(asError), { concurrency: MAX_AT_ONCE });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
