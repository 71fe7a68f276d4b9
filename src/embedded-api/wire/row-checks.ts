import { definitionOf, FIELD_NAMES, type FieldName } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { BadRowError, notAmong, type RowProblem } from './bad-row-error.ts';

/** A check of one column by Letta's `Run` model. Nulls are not checked. */
interface RowCheck {
  readonly name: FieldName;
  readonly passes: (kept: string) => boolean;
  readonly problem: (kept: string) => RowProblem;
}

const CHECKS: readonly RowCheck[] = FIELD_NAMES.flatMap((name): RowCheck[] => {
  const { kind, pattern, values, ormName: path = name } = definitionOf(name);
  if (pattern !== undefined) {
    const regex = new RegExp(pattern);
    const msg = `String should match pattern '${pattern}'`;
    const problem = (input: string): RowProblem => ({ path, type: 'string_pattern_mismatch', msg, input });
    return [{ name, passes: (kept) => regex.test(kept), problem }];
  }
  if (values !== undefined) {
    const known = new Set(values);
    return [{ name, passes: (kept) => known.has(kept), problem: (kept) => notAmong(values, path, kept) }];
  }
  if (kind === 'object' || kind === 'requestConfig') {
    const msg = 'Input should be a valid dictionary';
    const problem = (kept: string): RowProblem => ({ path, type: 'dict_type', msg, input: JSON.parse(kept) });
    return [{ name, passes: (kept) => kept.startsWith('{'), problem }];
  }
  return [];
});

/** @throws BadRowError with all problems for which Letta's `Run` model would reject the row. */
export function assertValidRow(row: RunRow): void {
  const problems = CHECKS.flatMap(({ name, passes, problem }) => {
    const kept = row[name];
    return typeof kept !== 'string' || passes(kept) ? [] : [problem(kept)];
  });
  if (problems.length > 0) throw new BadRowError(problems);
}
