import { AGENT_FIELD_LIST, AGENT_FIELDS } from '../runs/agent-fields.ts';
import { IGNORED_STEP_FIELDS, STEP_FIELDS } from '../runs/detail-fields.ts';
import type { RunStep } from '../runs/details.ts';
import { enumValues, type RunEnum } from '../runs/run-enums.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';
import { isObject } from './field-readers.ts';

/** The enum of an unknown value, whether a field is new or missing, or what else is not as it was. */
export type DriftKind =
  | RunEnum
  | 'new_field'
  | 'missing_field'
  | 'malformed_message'
  | 'malformed_step'
  | 'message_part';

/** Is told of a difference from the release that this version knows. */
export type ReportDrift = (kind: DriftKind, value: string) => void;

/** Fields as far as drift depends on them. */
type Fields = Readonly<Record<string, { readonly wire: string; readonly enum?: RunEnum }>>;

/** Reports the values of enum fields that are unknown. @param keyOf the key under which a field is found */
export function reporterOfValues(
  fields: Fields,
  keyOf: (name: string, wire: string) => string = (name) => name,
): (values: object, report: ReportDrift) => void {
  const enums = Object.entries(fields).flatMap(([name, { wire, enum: kind }]) =>
    kind === undefined ? [] : [{ key: keyOf(name, wire), kind, known: new Set<string>(enumValues(kind)) }],
  );
  return (values, report) => {
    for (const { key, kind, known } of enums) {
      const value: unknown = Reflect.get(values, key);
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

/** Reports unknown enum values in an object or in all of a list, and new or missing fields in the first. */
export type DriftReporter = (json: unknown, report: ReportDrift) => void;

/** Creates a reporter for JSON as the API sent it. A server sends the same fields in every object of a list. */
export function driftReporter(fields: Fields, ignored: readonly string[] = []): DriftReporter {
  const reportValues = reporterOfValues(fields, (_name, wire) => wire);
  const reportFields = reporterOfFields(fields, ignored);
  return (json, report) => {
    const rows: readonly unknown[] = Array.isArray(json) ? json : [json];
    for (const row of rows) if (typeof row === 'object' && row !== null) reportValues(row, report);
    reportFields(rows[0], report);
  };
}

const reportRun = reporterOfValues(RUN_FIELDS);
const reportConfig = reporterOfValues(REQUEST_CONFIG_FIELDS);
const reportRunFields = reporterOfFields(RUN_FIELDS, []);

/**
 * Reports the differences in a list of runs, each once.
 *
 * @param runs all that may have an unknown enum value
 * @param firstRow the first row as the API sent it, unless its fields are known not to differ
 */
export function reportDrift(runs: readonly Run[], firstRow: unknown, report: ReportDrift): void {
  const reported = new Set<string>();
  const reportOnce: ReportDrift = (kind, value) => {
    const difference = `${kind} ${value}`;
    if (reported.has(difference)) return;
    reported.add(difference);
    report(kind, value);
  };
  for (const run of runs) {
    reportRun(run, reportOnce);
    if (run.requestConfig !== null) reportConfig(run.requestConfig, reportOnce);
  }
  reportRunFields(firstRow, report);
}

const reportStepFields = driftReporter(STEP_FIELDS, IGNORED_STEP_FIELDS);

/** Reports the differences in a list of steps, and those of which the id can't be used. */
export function reportStepDrift(steps: readonly RunStep[], json: unknown, report: ReportDrift): void {
  reportStepFields(json, report);
  for (const [index, { id }] of steps.entries()) {
    const item: unknown = Array.isArray(json) ? json[index] : null;
    if (!isObject(item) || item['id'] !== id) report('malformed_step', 'without an id');
  }
}

/** By the key on the wire, as the JSON has it. */
const reportAgentValues = reporterOfValues(AGENT_FIELDS, (_name, wire) => wire);

/**
 * Reports unknown enum values and missing fields of an agent. New fields aren't reported: most of what
 * a server sends of an agent is left out on purpose.
 */
export function reportAgentDrift(agent: unknown, report: ReportDrift): void {
  if (!isObject(agent)) return;
  reportAgentValues(agent, report);
  for (const { wire, older } of AGENT_FIELD_LIST) {
    const isThere = wire in agent || (older !== undefined && older[0] in agent);
    if (!isThere) report('missing_field', `agent.${wire}`);
  }
}
