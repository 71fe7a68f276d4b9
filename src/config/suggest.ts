import { REMOVED_SETTINGS } from './removed-settings.ts';

/** Says why a name isn't known: its setting is gone, or which name was meant, or which there are. */
export function unknown(name: string, kind: string, known: readonly string[]): string {
  const gone = removed(name);
  if (gone !== undefined) return gone;
  const meant = almost(name, known);
  const advice = meant === undefined ? `known ${kind}s: ${known.join(', ')}` : `did you mean ${meant}?`;
  return `${name}: unknown ${kind}; ${advice}`;
}

/** Says what to do instead of setting what is gone, by its flag, variable or key; also of its file. */
export function removed(name: string): string | undefined {
  const found = Object.entries(REMOVED_SETTINGS).find(([key]) => baseOf(key) === baseOf(name));
  return found && `${name} is gone: ${found[1]}`;
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
