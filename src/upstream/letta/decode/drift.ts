import { isObject } from '../../../json/parse-json.ts';
import { IGNORED_STEP_FIELDS, STEP_FIELDS } from '../../../runs/detail-fields.ts';
import { enumValues, type RunEnum } from '../../../runs/run-enums.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../../../runs/run-fields.ts';

/** The enum of an unknown value, whether a field is new or missing, or that a message isn't as it was. */
export type DriftKind = RunEnum | 'new_field' | 'missing_field' | 'malformed_message';

/** Receives a difference from the release that this gateway was written for. */
export type ReportDrift = (kind: DriftKind, value: string) => void;

type DriftFields = Readonly<
  Record<string, { readonly wire: string; readonly enum?: RunEnum; readonly older?: readonly string[] }>
>;

/**
 * Returns a function that reports unknown enum values in objects as the API sent them, and the new and missing fields of
 * the first one.
 *
 * @param ignored further keys that are expected; undefined if new keys aren't reported
 */
export function driftReporter(fields: DriftFields, ignored: readonly string[] | undefined) {
  const enums = Object.values(fields).flatMap(({ wire, enum: kind }) =>
    kind === undefined ? [] : [{ wire, kind, values: new Set<string>(enumValues(kind)) }],
  );
  const expected = [...Object.values(fields), ...(ignored ?? []).map((wire) => ({ wire, older: [wire] }))];
  const expectedKeys = new Set(expected.map(({ wire }) => wire));
  return (objects: readonly unknown[], report: ReportDrift): void => {
    for (const object of objects.filter(isObject)) {
      for (const { wire, kind, values } of enums) {
        for (const text of [object[wire]].flat()) {
          if (typeof text === 'string' && !values.has(text)) report(kind, text);
        }
      }
    }
    const [first] = objects;
    if (!isObject(first)) return;
    for (const key in first) if (ignored !== undefined && !expectedKeys.has(key)) report('new_field', key);
    for (const { wire, older: [other = wire] = [] } of expected) {
      if (!(wire in first) && !(other in first)) report('missing_field', wire);
    }
  };
}

const reportRuns = driftReporter(RUN_FIELDS, []);
const reportConfigs = driftReporter(REQUEST_CONFIG_FIELDS, []);

/** Reports the differences in a list of runs. */
export function reportRunDrift(runs: readonly unknown[], report: ReportDrift): void {
  reportRuns(runs, report);
  const configs = runs.filter(isObject).map((run) => run[RUN_FIELDS.requestConfig.wire]);
  // New and missing fields are reported of the first object alone: of none, since a configuration has those that were set.
  reportConfigs([null, ...configs], report);
}

/** Reports the differences in a list of steps. */
export const reportStepDrift = driftReporter(STEP_FIELDS, IGNORED_STEP_FIELDS);
