/**
 * Returns a function that computes its result once for each object and remembers it, an error as well,
 * for as long as the object is in use. An operation can ask for the same thing under many aliases.
 */
export function oncePer<Key extends object, Value>(compute: (key: Key) => Value): (key: Key) => Value {
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
