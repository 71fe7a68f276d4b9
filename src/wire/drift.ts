import { AGENT_FIELD_LIST } from '../runs/agent-fields.ts';
import { enumValues, type RunEnum } from '../runs/run-enums.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { Run } from '../runs/run.ts';
import type { JsonObject } from './field-readers.ts';

/** The enum of an unknown value, or whether a field is new or missing. */
export type DriftKind = RunEnum | 'new_field' | 'missing_field';

/** An enum field and its known values. */
interface EnumField {
  readonly name: string;
  readonly enum: RunEnum;
  readonly known: ReadonlySet<string>;
}

const WIRE_NAMES: ReadonlySet<string> = new Set(RUN_FIELD_LIST.map(({ wire }) => wire));
const RUN_ENUM_FIELDS = enumFields(RUN_FIELD_LIST);
const CONFIG_ENUM_FIELDS = enumFields(REQUEST_CONFIG_FIELD_LIST);
const AGENT_ENUM_FIELDS = enumFields(AGENT_FIELD_LIST.map((field) => ({ ...field, name: field.wire })));

/**
 * Reports differences from the release that this version knows: unknown enum values in all rows, and
 * new or missing fields in the first row, since a server sends the same fields in every row.
 */
export function reportDrift(
  runs: readonly Run[],
  firstRow: unknown,
  report: (kind: DriftKind, value: string) => void,
): void {
  for (const run of runs) {
    reportValues(RUN_ENUM_FIELDS, run, report);
    if (run.requestConfig !== null) reportValues(CONFIG_ENUM_FIELDS, run.requestConfig, report);
  }
  if (typeof firstRow !== 'object' || firstRow === null) return;
  const present = new Set(Object.keys(firstRow));
  for (const field of present) if (!WIRE_NAMES.has(field)) report('new_field', field);
  for (const field of WIRE_NAMES) if (!present.has(field)) report('missing_field', field);
}

/**
 * Reports unknown enum values and missing fields of an agent. New fields aren't reported: most of what
 * a server sends of an agent is left out on purpose.
 */
export function reportAgentDrift(agent: JsonObject, report: (kind: DriftKind, value: string) => void): void {
  reportValues(AGENT_ENUM_FIELDS, agent, report);
  for (const { wire } of AGENT_FIELD_LIST) if (!(wire in agent)) report('missing_field', `agent.${wire}`);
}

function reportValues(
  fields: readonly EnumField[],
  values: object,
  report: (kind: DriftKind, value: string) => void,
): void {
  for (const { name, enum: kind, known } of fields) {
    const value: unknown = Reflect.get(values, name);
    for (const text of Array.isArray(value) ? value : [value]) {
      if (typeof text === 'string' && !known.has(text)) report(kind, text);
    }
  }
}

function enumFields(
  fields: readonly { readonly name: string; readonly enum?: RunEnum }[],
): readonly EnumField[] {
  return fields.flatMap(({ name, enum: kind }) =>
    kind === undefined ? [] : [{ name, enum: kind, known: new Set<string>(enumValues(kind)) }],
  );
}
