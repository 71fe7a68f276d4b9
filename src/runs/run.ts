import type { FieldValues, ValuesOf } from './field.ts';
import type { RunStatus, StopReason } from './run-enums.ts';
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
  readonly isDurationMeasured: boolean;
}

const ENDED: readonly RunStatus[] = ['completed', 'failed', 'cancelled'];
const WAITING: StopReason = 'requires_approval';

/**
 * Whether a run has ended for good. One that is completed and waits for approval may continue, and can
 * be cancelled; so may one with a status that is newer than the gateway, for all that is known.
 */
export function hasEnded({ status, stopReason }: Pick<Run, 'status' | 'stopReason'>): boolean {
  return ENDED.some((each) => each === status) && !(status === 'completed' && stopReason === WAITING);
}
