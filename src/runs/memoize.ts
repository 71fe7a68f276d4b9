/**
 * Returns a function that computes its result once for each object and remembers it, an error as well,
 * for as long as the object is in use. An operation can ask for the same thing under many aliases.
 */
export function memoize<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
  const known = new WeakMap<Key, () => Value>();
  return (key) => {
    const result = known.get(key) ?? resultOf(() => compute(key));
    known.set(key, result);
    return result();
  };
}

function resultOf<Value>(compute: () => Value): () => Value {
  try {
    const value = compute();
    return () => value;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}

/** Returns what a map has for a key, and computes it first if there is nothing. Node 26 has it as a method of maps. */
export function getOrCompute<Key, Value>(
  map: Map<Key, Value>,
  key: Key,
  compute: (key: Key) => Value,
): Value {
  const known = map.get(key);
  if (known !== undefined) return known;
  const value = compute(key);
  map.set(key, value);
  return value;
}
