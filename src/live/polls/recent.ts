import type { Run } from '../../runs/run.ts';

/** Seconds by which a run may appear later than one that was created after it. */
const LATE_SECONDS = 10;
/** Runs that are remembered at most, besides the active ones. */
export const MAX_RECENT = 256;

/** Returns the instant before which no more runs appear once a run has. */
export function oldestLate({ createdInstant }: Run): string {
  const whole = Date.parse(`${createdInstant.slice(0, 19)}Z`) - LATE_SECONDS * 1000;
  return new Date(whole).toISOString().slice(0, 19) + createdInstant.slice(19);
}
