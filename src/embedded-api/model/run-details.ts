import type { NewMessage } from './message.ts';
import type { NewStep, NewStepMetrics } from './step.ts';

/** What happened in one run. */
export interface RunDetails {
  readonly steps: readonly NewStep[];
  readonly metrics: readonly NewStepMetrics[];
  /** In the order of their lists. */
  readonly messages: readonly NewMessage[];
}
