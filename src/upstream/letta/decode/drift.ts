import { isObject } from '../../../json/parse-json.ts';
import { enumValues, type RunEnum } from '../../../runs/run-enums.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../../../runs/run-fields.ts';
import type { Run } from '../../../runs/run.ts';

/** The enum of an unknown value, whether a field is new or missing, or that a message isn't as it was. */
export type DriftKind = RunEnum | 'new_field' | 'missing_field' | 'malformed_message';

/** Is told of a difference from the release that this version knows. */
export type ReportDrift = (kind: DriftKind, value: string) => void;

/**
 * Reports unknown enum values in rows, decoded or as the API sent them.
 *
 * @param first the row as the API sent it whose new and missing fields are reported: a server sends the same in all
 */
type ReportRowDrift = (rows: Iterable<object>, first: unknown, report: ReportDrift) => void;

type DriftFields = Readonly<
  Record<string, { readonly wire: string; readonly enum?: RunEnum; readonly older?: readonly string[] }>
>;

/** @param ignored other fields that are known; undefined if new ones aren't reported */
export function driftReporter(fields: DriftFields, ignored: readonly string[] | undefined): ReportRowDrift {
  const enums = Object.entries(fields).flatMap(([name, { wire, enum: kind }]) =>
    kind === undefined ? [] : [{ name, wire, kind, known: new Set<string>(enumValues(kind)) }],
  );
  const expected = [...Object.values(fields), ...(ignored ?? []).map((wire) => ({ wire, older: [wire] }))];
  const known = new Set(expected.map(({ wire }) => wire));
  return (rows, first, report) => {
    for (const row of rows) {
      for (const { name, wire, kind, known: values } of enums) {
        const value: unknown = Reflect.get(row, name) ?? Reflect.get(row, wire);
        for (const text of Array.isArray(value) ? value : [value]) {
          if (typeof text === 'string' && !values.has(text)) report(kind, text);
        }
      }
    }
    if (!isObject(first)) return;
    for (const key in first) if (ignored !== undefined && !known.has(key)) report('new_field', key);
    for (const { wire, older: [other = wire] = [] } of expected) {
      if (!(wire in first) && !(other in first)) report('missing_field', wire);
    }
  };
}

const reportRuns = driftReporter(RUN_FIELDS, []);
const reportConfigs = driftReporter(REQUEST_CONFIG_FIELDS, []);

/** Reports the differences in runs. @param first as the API sent it; null if its fields are the known ones */
export function reportRunDrift(runs: Iterable<Run>, first: unknown, report: ReportDrift): void {
  reportRuns(runs, first, report);
  reportConfigs(
    Array.from(runs, ({ requestConfig }) => requestConfig ?? {}),
    null,
    report,
  );
}
