import { enumValues, type RunEnum } from '../runs/run-enums.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';

/** The enum of an unknown value, whether a field is new or missing, or what else is not as it was. */
export type DriftKind = RunEnum | 'new_field' | 'missing_field' | 'malformed_message' | 'message_part';

/** Is told of a difference from the release that this version knows. */
export type ReportDrift = (kind: DriftKind, value: string) => void;

/** Fields as far as drift depends on them. */
type Fields = Readonly<Record<string, { readonly wire: string; readonly enum?: RunEnum }>>;

/** Reports the values of enum fields that are unknown. */
export function reporterOfValues(fields: Fields): (values: object, report: ReportDrift) => void {
  const enums = Object.entries(fields).flatMap(([name, { enum: kind }]) =>
    kind === undefined ? [] : [{ name, kind, known: new Set<string>(enumValues(kind)) }],
  );
  return (values, report) => {
    for (const { name, kind, known } of enums) {
      const value: unknown = Reflect.get(values, name);
      for (const text of Array.isArray(value) ? value : [value]) {
        if (typeof text === 'string' && !known.has(text)) report(kind, text);
      }
    }
  };
}

/**
 * Reports the fields of an object on the wire that are new or missing.
 *
 * @param ignored known, but not used
 * @param optional not reported when they are missing
 */
export function reporterOfFields(
  fields: Fields,
  ignored: readonly string[],
  optional: readonly string[] = [],
): (json: unknown, report: ReportDrift) => void {
  const expected = new Set([...Object.values(fields).map(({ wire }) => wire), ...ignored]);
  const known = new Set([...expected, ...optional]);
  return (json, report) => {
    if (typeof json !== 'object' || json === null) return;
    const keys = Object.keys(json);
    if (keys.length === expected.size && keys.every((key) => expected.has(key))) return;
    const present = new Set(keys);
    for (const field of present) if (!known.has(field)) report('new_field', field);
    for (const field of expected) if (!present.has(field)) report('missing_field', field);
  };
}

/** Reports unknown enum values in all rows, and new or missing fields in the first one. */
export type DriftReporter = (rows: readonly object[], firstRow: unknown, report: ReportDrift) => void;

/** Creates a reporter for rows. A server sends the same fields in every row. */
export function driftReporter(fields: Fields, ignored: readonly string[] = []): DriftReporter {
  const reportValues = reporterOfValues(fields);
  const reportFields = reporterOfFields(fields, ignored);
  return (rows, firstRow, report) => {
    for (const row of rows) reportValues(row, report);
    reportFields(firstRow, report);
  };
}

const reportRun = reporterOfValues(RUN_FIELDS);
const reportConfig = reporterOfValues(REQUEST_CONFIG_FIELDS);
const reportRunFields = reporterOfFields(RUN_FIELDS, []);

/** Reports the differences in a list of runs. */
export function reportDrift(runs: readonly Run[], firstRow: unknown, report: ReportDrift): void {
  for (const run of runs) {
    reportRun(run, report);
    if (run.requestConfig !== null) reportConfig(run.requestConfig, report);
  }
  reportRunFields(firstRow, report);
}
