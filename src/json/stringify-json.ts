/**
 * Writes a JSON value as `JSON.stringify`, but of any depth: `JSON.stringify` recurses, and throws a
 * `RangeError` for some thousand levels. A value that isn't JSON, such as `undefined`, is null.
 */
export function stringifyJson(value: unknown, replacer?: (key: string, value: unknown) => unknown): string {
  try {
    return JSON.stringify(value, replacer) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return stringifyDeep(value);
    throw error;
  }
}

function stringifyDeep(root: unknown): string {
  let text = '';
  /** The values and texts that are still to be written, the next last. */
  const rest: ({ readonly value: unknown } | string)[] = [{ value: root }];
  for (let next = rest.pop(); next !== undefined; next = rest.pop()) {
    if (typeof next === 'string') text += next;
    else if (!isContainer(next.value)) text += stringifyJson(next.value);
    else {
      const isList = Array.isArray(next.value);
      const entries = Object.entries(next.value);
      text += isList ? '[' : '{';
      rest.push(isList ? ']' : '}');
      for (const [at, [key, value]] of [...entries.entries()].toReversed()) {
        rest.push({ value }, (at === 0 ? '' : ',') + (isList ? '' : `${JSON.stringify(key)}:`));
      }
    }
  }
  return text;
}

function isContainer(value: unknown): value is object {
  const isObject = typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
  return isObject && !('toJSON' in value && typeof value.toJSON === 'function');
}
