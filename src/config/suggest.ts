import { REMOVED_FLAGS, REMOVED_SETTINGS } from './removed-settings.ts';

/** Says why a name isn't known: its setting is gone, or which name was meant, or which there are. */
export function unknown(name: string, kind: string, known: readonly string[]): string {
  const instead = removed(
    name,
    kind === 'flag' ? { ...REMOVED_SETTINGS, ...REMOVED_FLAGS } : REMOVED_SETTINGS,
  );
  if (instead !== undefined) return `${name} is gone: ${instead}`;
  const meant = almost(name, known);
  const advice = meant === undefined ? `known ${kind}s: ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${name}: unknown ${kind}; ${advice}`;
}

/** Says what to do instead of setting what is gone, by its flag, variable or key; also of its file. */
export function removed(name: string, settings = REMOVED_SETTINGS): string | undefined {
  const plain = plainOf(name);
  const found = Object.entries(settings).find(([key]) =>
    [plainOf(key), `${plainOf(key)}file`].includes(plain),
  );
  return found?.[1];
}

/**
 * Finds the known name from which a name differs in one letter, in case, dashes and underscores, or in that
 * it is about the file of a secret.
 */
export function almost(name: string, known: readonly string[]): string | undefined {
  const plain = plainOf(name);
  return (
    known.find((other) => [plain, `${plain}file`].includes(plainOf(other))) ??
    known.find((other) => differByOneEdit(plain, plainOf(other)))
  );
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
  const [left = '', right = ''] = [one, other].map((text) => text.slice(start, text.length - end));
  return Math.max(left.length, right.length) <= 1 || (left.length === 2 && `${left[1]}${left[0]}` === right);
}
