import type { FieldKind, REQUEST_CONFIG_FIELDS, RUN_FIELDS, RunField } from './run-fields.ts';

/**
 * The type of a decoded field of each kind. Enum values keep their text from the wire, so that new
 * ones are preserved. Instants are RFC 3339 texts with a zone.
 */
export interface FieldValues {
  readonly id: string;
  readonly created: string;
  readonly instant: string | null;
  readonly text: string | null;
  readonly 'enum value': string | null;
  readonly 'enum list': readonly string[] | null;
  readonly boolean: boolean | null;
  readonly int: number | null;
  readonly 'whole number': number | null;
  readonly object: Readonly<Record<string, unknown>> | null;
  readonly config: RunRequestConfig | null;
}

type ValuesOf<Fields extends Readonly<Record<string, RunField>>> = {
  readonly [Name in keyof Fields]: FieldValues[Fields[Name]['kind'] & FieldKind];
};

/** How the messages of a run were requested. */
export interface RunRequestConfig extends ValuesOf<typeof REQUEST_CONFIG_FIELDS> {}

/** One execution of an AI agent. */
export interface Run extends ValuesOf<typeof RUN_FIELDS> {
  /** When it was created, in the format of `instantOf`. */
  readonly createdInstant: string;
  /**
   * Whether `totalDurationNs` is the duration from the run's metrics, if it has any, as in lists. A
   * run that was retrieved by id has a different one, measured elsewhere.
   */
  readonly isDurationMeasured: boolean;
}
