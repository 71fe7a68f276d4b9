/** Returns a function that creates a value when it is first called: of its loaders, an operation needs one or two. */
export function lazily<Value extends object>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= create());
}
