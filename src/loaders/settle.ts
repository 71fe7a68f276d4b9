/** Looks up all ids, in order. A failed look-up becomes an Error in its place, and the others continue. */
export function settle<Value>(
  ids: readonly string[],
  lookUp: (id: string) => Promise<Value>,
): Promise<(Value | Error)[]> {
  return Promise.all(ids.map((id) => lookUp(id).catch(asError)));
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('A look-up failed', { cause: reason });
}
