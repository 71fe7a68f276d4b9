import type { ReportDrift } from '../wire/drift.ts';

/** Says in what rows differ from what this gateway knows; undefined if in nothing. */
export function driftOf(collect: (report: ReportDrift) => void): string | undefined {
  const drift = new Map<string, Set<string>>();
  collect((kind, value) => drift.set(kind, (drift.get(kind) ?? new Set()).add(value)));
  const differences = [...drift].map(
    ([kind, values]) => `${kind.replaceAll('_', ' ')} ${[...values].join(', ')}`,
  );
  return drift.size === 0 ? undefined : `not as known: ${differences.join('; ')}`;
}

/** What becomes of it. */
export const SERVED =
  'They are served all the same: new values as UNRECOGNIZED, missing fields as null, new fields not at all.';
