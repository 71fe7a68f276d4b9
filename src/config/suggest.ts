/** Says which known name an unknown one was meant for, or which there are. @param kind of names */
export function didYouMean(name: string, kind: string, known: readonly string[]): string {
  const meant = almost(name, known);
  return meant === undefined ? `known ${kind}: ${known.join(', ')}` : `did you mean ${meant}?`;
}

/**
 * Finds the known name from which a name differs in one letter, in case, dashes and underscores, or in that
 * it is about the file of a secret.
 */
export function almost(name: string, known: readonly string[]): string | undefined {
  const plain = plainOf(name);
  const isAlmost = (other: string): boolean => differByOneEdit(plain, plainOf(other));
  return known.find((other) => [plain, `${plain}file`].includes(plainOf(other))) ?? known.find(isAlmost);
}

function plainOf(name: string): string {
  return name.replaceAll(/[-_]/g, '').toLowerCase();
}

/** Whether a letter was inserted, left out or replaced, or two were swapped. */
function differByOneEdit(one: string, other: string): boolean {
  let start = 0;
  while (start < one.length && one[start] === other[start]) start++;
  let end = 0;
  const shorter = Math.min(one.length, other.length);
  while (end < shorter - start && one.at(-1 - end) === other.at(-1 - end)) end++;
  const [left, right] = [one, other].map((text) => text.slice(start, text.length - end));
  if (left === undefined || right === undefined) return false;
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && `${left[1]}${left[0]}` === right);
}
