/**
 * Returns a function that computes its result once for each object and remembers it for as long as the object is in use. An
 * operation can ask for the same thing under many aliases.
 */
export function memoize<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const cache = new WeakMap<Key, { readonly value: Value }>();
  return (key) => {
    let found = cache.get(key);
    if (found === undefined) cache.set(key, (found = { value: compute(key) }));
    return found.value;
  };
}

/** Returns the value of a key in a map, and computes it if there is none. Node 26 has `Map.getOrInsertComputed`. */
export function getOrCompute<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  compute: (key: Key) => Value,
): Value {
  const existing = map.get(key);
  if (existing !== undefined) return existing;
  const value = compute(key);
  map.set(key, value);
  return value;
}
