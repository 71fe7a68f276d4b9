import { hash } from 'node:crypto';
import { stringifyJson } from '../json/stringify-json.ts';
import { RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';

/** Digests are computed once for each run. */
const digests = new WeakMap<Run, string>();

/** Returns a digest of the fields that a run has in lists; 8 hex digits. */
export function digestOf(run: Run): string {
  const cached = digests.get(run);
  if (cached !== undefined) return cached;
  const values = RUN_FIELD_LIST.map(({ name }): unknown => Reflect.get(run, name));
  const digest = digestOfText(stringifyJson(values), 8);
  digests.set(run, digest);
  return digest;
}

/** Returns the first hex digits of a text's SHA-256, to detect changes only. */
export function digestOfText(text: string, digits: number): string {
  return hash('sha256', text).slice(0, digits);
}
