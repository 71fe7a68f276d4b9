/** Says that a name isn't known, and which name was meant, or which there are. */
export function unknown(name: string, kind: string, known: readonly string[]): string {
  const meant = almost(name, known);
  const advice = meant === undefined ? `known ${kind}s: ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${name}: unknown ${kind}; ${advice}`;
}

/** Finds the known name that differs in case, dashes and underscores, or in that it is of a file, or in one letter. */
export function almost(name: string, known: readonly string[]): string | undefined {
  return (
    known.find((other) => plainOf(other) === plainOf(name)) ??
    known.find((other) => baseOf(other) === baseOf(name)) ??
    known.find((other) => differByOneEdit(plainOf(name), plainOf(other)))
  );
}

function plainOf(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

function baseOf(name: string): string {
  return plainOf(name).replace(/file$/, '');
}

/** Whether a letter was inserted, left out or replaced, or two were swapped. */
function differByOneEdit(one: string, other: string): boolean {
  let at = 0;
  while (at < one.length && one[at] === other[at]) at++;
  const [mine, theirs] = [one.slice(at), other.slice(at)];
  const swapped = theirs.charAt(1) + theirs.charAt(0) + theirs.slice(2);
  return [theirs.slice(1), swapped].includes(mine) || [theirs, theirs.slice(1)].includes(mine.slice(1));
}
