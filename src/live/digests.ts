import { hash } from 'node:crypto';
import { stringifyJson } from '../json/stringify-json.ts';
import { RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';

interface Digested {
  readonly digest: string;
  /** Estimated bytes of memory of the run. */
  readonly bytes: number;
}

/** Bytes of memory for any run, besides its texts. */
const BASE_BYTES = 1_000;
const COPIED_FIELDS = [...RUN_FIELD_LIST.map(({ name }) => name), 'createdInstant', 'hasDurationOfLists'];

/** Digests are computed once for each run. */
const digests = new WeakMap<Run, Digested>();

/** Returns a digest of the fields that a run has in lists; 8 hex digits. */
export function digestOf(run: Run): string {
  return digested(run).digest;
}

/** Returns the digest of a run, and estimates the memory that the run takes. */
export function digested(run: Run): Digested {
  const cached = digests.get(run);
  if (cached !== undefined) return cached;
  const text = stringifyJson(RUN_FIELD_LIST.map(({ name }): unknown => Reflect.get(run, name)));
  const made = { digest: digestOfText(text, 8), bytes: BASE_BYTES + text.length };
  digests.set(run, made);
  return made;
}

/**
 * Copies runs of a list, which would keep the text of their page, and are parsed at each access.
 *
 * @param hold counts the memory of each run
 */
export function copyRuns(runs: Iterable<Run>, hold: (bytes: number) => void): readonly Run[] {
  const copies: Run[] = [];
  for (const run of runs) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It has all fields of a run.
    const copy = Object.fromEntries(
      COPIED_FIELDS.map((name) => [name, Reflect.get(run, name)]),
    ) as unknown as Run;
    hold(digested(copy).bytes);
    copies.push(copy);
  }
  return copies;
}

/** Returns the first hex digits of a text's SHA-256, to detect changes only. */
export function digestOfText(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}
