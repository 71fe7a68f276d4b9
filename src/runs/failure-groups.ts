/** Characters of a message that are compared; the rest of a long one rarely says more. */
const MAX_COMPARED = 1_000;

/** Quoted values, and words as they stand in ids, numbers, times and addresses. */
const VALUES = /(?<!\w)(?:"[^"]*"|'[^']*'|`[^`]*`)(?!\w)|[\w.:/@+-]+/g;
const QUOTED = /^["'`]/;
/** A word with one of these is an id, a number, a time or an address. */
const VARIABLE = /\d|@|:\//;

/**
 * Returns the text by which failures count as equal: their code and their message, in which ids, numbers, quoted values,
 * times and addresses are replaced.
 */
export function failureKey(
  failure: { readonly code: string | null; readonly message: string } | null,
): string {
  const { code = null, message = '' } = failure ?? {};
  const text = message
    .slice(0, MAX_COMPARED)
    .replaceAll(VALUES, (value) => (QUOTED.test(value) ? '"…"' : VARIABLE.test(value) ? '#' : value));
  return JSON.stringify([code, text.replaceAll(/\s+/g, ' ').trim()]);
}
