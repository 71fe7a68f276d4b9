/** How Letta's error messages list the values of an enum: `'a', 'b' or 'c'`. */
export function expectedValues(values: readonly string[]): string {
  const quoted = values.map((value) => `'${value}'`);
  return `${quoted.slice(0, -1).join(', ')} or ${quoted.at(-1)}`;
}
