import { UPSTREAM_CODES } from './documented-codes.ts';

/** An error of an answer, as far as it is well formed. */
interface AnswerError {
  readonly message?: unknown;
  readonly path?: readonly (string | number)[];
  readonly extensions?: { readonly code?: unknown };
}

export interface Answer {
  readonly data?: Readonly<Record<string, unknown>> | null;
  readonly errors?: readonly AnswerError[];
}

/** A field at the top of an operation, and what its answer must be. */
export interface AskedField {
  /** Such as `runs(first: 3) { nodes { id } }`. */
  readonly text: string;
  /** What is wrong with the value; null if nothing is. Not asked for a null that an error explains. */
  readonly problemOf: (value: unknown, errors: readonly AnswerError[]) => string | null;
  /** The only codes that errors of this field may have. */
  readonly codes: ReadonlySet<string>;
}

/** A field that has to be answered, unless the upstream fails. */
export function servedField(text: string, problemOf: AskedField['problemOf']): AskedField {
  return { text, problemOf, codes: UPSTREAM_CODES };
}

/** A field that has to be refused with this code. */
export function refusedField(text: string, code: string): AskedField {
  const problemOf = (value: unknown): string => `expected ${code}, but got ${JSON.stringify(value)}`;
  return { text, problemOf, codes: new Set([code]) };
}

/** What is wrong with one field of an answer; null if nothing is. */
export function problemOfField(alias: string, field: AskedField, answer: Answer): string | null {
  const errors = answer.errors?.filter(({ path }) => path?.[0] === alias) ?? [];
  for (const { extensions } of errors) {
    if (!field.codes.has(String(extensions?.code))) return `unexpected ${String(extensions?.code)}`;
  }
  const value = answer.data?.[alias] ?? null;
  const isExplained = value === null && errors.length > 0;
  return isExplained ? null : field.problemOf(value, errors);
}

/** The value of a key, where there is such an object. */
export function valueAt(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return Object.entries(value).find(([name]) => name === key)?.[1];
}
