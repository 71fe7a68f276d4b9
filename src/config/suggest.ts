/** Returns a problem for each key that a table lacks. @param noun such as `option` */
export function unknownKeys(values: object, table: object, noun: string): readonly string[] {
  const known = Object.keys(table);
  const present = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [key]));
  return present.filter((key) => !known.includes(key)).map((key) => unknownName(key, noun, known));
}

/** Says that a name is unknown, and suggests the closest name, or lists all. @param noun such as `flag` */
export function unknownName(name: string, noun: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  const advice = meant === undefined ? `known ${noun}s: ${names.join(', ')}` : `did you mean ${meant}?`;
  return `${name}: unknown ${noun}; ${advice}`;
}

/** Finds the name that differs in case, dashes and underscores, or by the suffix `file`, or by one letter. */
export function closestName(name: string, names: readonly string[]): string | undefined {
  return (
    names.find((other) => withoutCase(other) === withoutCase(name)) ??
    names.find((other) => withoutFile(other) === withoutFile(name)) ??
    names.find((other) => differByOneEdit(withoutCase(name), withoutCase(other)))
  );
}

const withoutCase = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();
const withoutFile = (name: string): string => withoutCase(name).replace(/file$/, '');

/** Whether a letter was inserted, left out or replaced, or two were swapped. */
function differByOneEdit(first: string, second: string): boolean {
  let start = 0;
  while (start < first.length && first[start] === second[start]) start++;
  const [a, b] = [first.slice(start), second.slice(start)];
  const swapped = b.charAt(1) + b.charAt(0) + b.slice(2);
  return [b.slice(1), swapped].includes(a) || [b, b.slice(1)].includes(a.slice(1));
}
