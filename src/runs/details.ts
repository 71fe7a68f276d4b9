import type { METRICS_FIELDS, STEP_FIELDS, TIMING_FIELDS } from './detail-fields.ts';
import type { ValuesOf } from './field.ts';

/** One step of a run: a request to a language model, and what came of it. */
export interface RunStep extends ValuesOf<typeof STEP_FIELDS> {
  /** Its place among the steps of its run, from 0; null if it was retrieved by id. */
  readonly index: number | null;
}

/** What was measured of one step. */
export interface RunStepTiming extends ValuesOf<typeof TIMING_FIELDS> {}

/** What was measured of a run as a whole. */
export interface RunMetrics extends ValuesOf<typeof METRICS_FIELDS> {}
