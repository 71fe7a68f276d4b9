/**
 * Writes a JSON value as `JSON.stringify`, but of any depth: `JSON.stringify` recurses, and throws a
 * `RangeError` for some thousand levels. What isn't JSON, such as `undefined`, is null.
 */
export function stringifyJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? 'null';
  } catch (error) {
    if (error instanceof RangeError) return stringifyDeep(value);
    throw error;
  }
}

/** An object or a list of which some values have been written. */
interface Open {
  readonly entries: Iterator<readonly [key: string, value: unknown]>;
  readonly end: '}' | ']';
  separator: '' | ',';
}

function stringifyDeep(root: unknown): string {
  if (!isContainer(root)) return stringifyJson(root);
  const parents: Open[] = [];
  let text = '';
  const open = (container: object): void => {
    const isList = Array.isArray(container);
    text += isList ? '[' : '{';
    parents.push({ entries: entriesOf(container), end: isList ? ']' : '}', separator: '' });
  };
  open(root);
  for (let parent = parents.at(-1); parent !== undefined; parent = parents.at(-1)) {
    const { done, value: entry } = parent.entries.next();
    if (done) {
      text += parent.end;
      parents.pop();
      continue;
    }
    const [key, value] = entry;
    text += parent.separator;
    if (parent.end === '}') text += `${JSON.stringify(key)}:`;
    parent.separator = ',';
    if (isContainer(value)) open(value);
    else text += stringifyJson(value);
  }
  return text;
}

function* entriesOf(container: object): Generator<readonly [key: string, value: unknown]> {
  for (const key of Object.keys(container)) yield [key, Reflect.get(container, key)];
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !JSON.isRawJSON(value);
}
