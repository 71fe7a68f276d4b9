import type { Run } from '../runs/run.ts';
import { enumValues, type RunEnum } from '../runs/run-enums.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../runs/run-fields.ts';

/** An enum, of which a value is not known; or a field that is new, or missing. */
export type DriftKind = RunEnum | 'new_field' | 'missing_field';

/** An enum field, and the values that it is known to have. */
interface EnumField {
  readonly name: string;
  readonly enum: RunEnum;
  readonly known: ReadonlySet<string>;
}

const WIRE_NAMES: ReadonlySet<string> = new Set(RUN_FIELD_LIST.map(({ wire }) => wire));
const RUN_ENUM_FIELDS = enumFields(RUN_FIELD_LIST);
const CONFIG_ENUM_FIELDS = enumFields(REQUEST_CONFIG_FIELD_LIST);

/**
 * Reports what differs from the release that this program knows. Values are looked at in every
 * row; field names only in the first, since a server writes all rows alike.
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

function enumFields(fields: readonly NamedField[]): readonly EnumField[] {
  return fields.flatMap(({ name, enum: kind }) =>
    kind === undefined ? [] : [{ name, enum: kind, known: new Set<string>(enumValues(kind)) }],
  );
}
