import { createTurns } from './turns.ts';

/** Look-ups of one operation that are started before others have ended: more than are sent at a time. */
export const MAX_STARTED = 128;

/** Looks up all ids, in order. A failed look-up becomes an Error in its place, and the others continue. */
export function settle<Value>(
  ids: readonly string[],
  lookUp: (id: string) => Promise<Value>,
): Promise<(Value | Error)[]> {
  const inTurn = createTurns(MAX_STARTED);
  return Promise.all(ids.map((id) => inTurn(() => lookUp(id)).catch(asError)));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
