/** The runs that have the same value of something. */
export interface RunGroup<Value> {
  readonly value: Value;
  readonly size: number;
}

/** Groups items by a value, the largest group first; groups of the same size in the order of their values. */
export function groupSizes<Item, Value extends string | null>(
  items: readonly Item[],
  valueOf: (item: Item) => Value,
): readonly RunGroup<Value>[] {
  const sizes = new Map<Value, number>();
  for (const item of items) {
    const value = valueOf(item);
    sizes.set(value, (sizes.get(value) ?? 0) + 1);
  }
  return [...sizes]
    .map(([value, size]) => ({ value, size }))
    .toSorted((a, b) => b.size - a.size || ((a.value ?? '') < (b.value ?? '') ? -1 : 1));
}

/**
 * Returns a percentile by the nearest rank: the smallest of the values that at least this part of them
 * doesn't exceed, so one that occurs. The values are in ascending order, and there is at least one.
 */
export function percentile(sorted: readonly number[], part: number): number {
  const index = Math.max(0, Math.ceil(part * sorted.length) - 1);
  const value = sorted[Math.min(index, sorted.length - 1)];
  if (value === undefined) throw new RangeError('Expected at least one value');
  return value;
}
