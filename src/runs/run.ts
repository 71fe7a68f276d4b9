import type { FieldKind, REQUEST_CONFIG_FIELDS, RUN_FIELDS, RunField } from './run-fields.ts';

/**
 * What a field of each kind holds once it is read. Enum values keep the wire's text, so that one
 * newer than this program is carried rather than lost. Instants are RFC 3339 texts with a zone.
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

/** How the caller asked for the run's messages to be shaped. */
export interface RunRequestConfig extends ValuesOf<typeof REQUEST_CONFIG_FIELDS> {}

/** One execution of an AI agent. */
export interface Run extends ValuesOf<typeof RUN_FIELDS> {
  /** When it was created, as `instantOf` has it. */
  readonly createdInstant: string;
  /**
   * Whether its duration is the one of the run's metrics where there are any, as lists show it. A
   * run that was looked up has another one, measured elsewhere.
   */
  readonly isDurationMeasured: boolean;
}
