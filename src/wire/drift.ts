import { MESSAGE_TYPES, RUN_STATUSES, type Run, STOP_REASONS } from '../runs/run.ts';
import { RUN_FIELDS } from '../runs/run-fields.ts';

export type DriftKind = 'status' | 'stop_reason' | 'message_type' | 'new_field' | 'missing_field';

const FIELDS: ReadonlySet<string> = new Set(RUN_FIELDS.map(({ key }) => key));
const STATUSES: ReadonlySet<string> = new Set(RUN_STATUSES);
const REASONS: ReadonlySet<string> = new Set(STOP_REASONS);
const TYPES: ReadonlySet<string> = new Set(MESSAGE_TYPES);

/**
 * Reports what differs from the release that this program knows. Values are looked at in every
 * row; field names only in the first, since a server writes all rows alike.
 */
export function reportDrift(
  runs: readonly Run[],
  firstRow: unknown,
  report: (kind: DriftKind, value: string) => void,
): void {
  for (const { status, stopReason, requestConfig } of runs) {
    if (status !== null && !STATUSES.has(status)) report('status', status);
    if (stopReason !== null && !REASONS.has(stopReason)) report('stop_reason', stopReason);
    for (const type of requestConfig?.includeReturnMessageTypes ?? []) {
      if (!TYPES.has(type)) report('message_type', type);
    }
  }
  if (typeof firstRow !== 'object' || firstRow === null) return;
  const present = new Set(Object.keys(firstRow));
  for (const field of present) if (!FIELDS.has(field)) report('new_field', field);
  for (const field of FIELDS) if (!present.has(field)) report('missing_field', field);
}
