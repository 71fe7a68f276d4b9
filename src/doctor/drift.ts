import { redact } from '../upstream/http/redact.ts';
import type { ReportDrift } from '../wire/drift.ts';
import type { ExaminedUpstream } from './examined-upstream.ts';

/** Says in what rows differ from what this gateway knows; undefined if in nothing. */
export function driftOf(
  { secrets }: ExaminedUpstream,
  collect: (report: ReportDrift) => void,
): string | undefined {
  const drift = new Map<string, Set<string>>();
  collect((kind, value) => drift.set(kind, (drift.get(kind) ?? new Set()).add(value)));
  const differences = [...drift].map(
    ([kind, values]) => `${kind.replaceAll('_', ' ')} ${[...values].join(', ')}`,
  );
  return drift.size === 0 ? undefined : `not as known: ${redact(differences.join('; '), secrets)}`;
}

/** What becomes of it. */
export const SERVED =
  'They are served all the same: new values as UNRECOGNIZED, missing fields as null, new fields not at all.';
