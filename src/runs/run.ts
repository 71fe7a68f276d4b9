import type { Position } from '../lists/position.ts';
import type { FieldValues, ValuesOf } from './field.ts';
import type { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from './run-fields.ts';

/** How the messages of a run were requested. */
export interface RunRequestConfig extends ValuesOf<typeof REQUEST_CONFIG_FIELDS> {}

interface RunValues extends FieldValues {
  readonly config: RunRequestConfig | null;
}

/** One execution of an AI agent. */
export interface Run extends ValuesOf<typeof RUN_FIELDS, RunValues> {
  /** When it was created, in the format of `instantOf`. */
  readonly createdInstant: string;
  /**
   * Whether `totalDurationNs` is the duration from the run's metrics, if it has any, as in lists. A
   * run that was retrieved by id has a different one, measured elsewhere.
   */
  readonly hasDurationOfLists: boolean;
}

/** Returns the position of a run in the upstream's total order: by time of creation, ties by id. */
export function positionOf({ createdInstant, id }: Run): Position {
  return { key: createdInstant, id };
}
