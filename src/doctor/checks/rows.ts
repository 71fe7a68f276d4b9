import { checkPage } from '../../lists/ranges/check-page.ts';
import { RUN_LIST } from '../../runs/list.ts';
import { redact } from '../../upstream/http/redact.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { type ExaminedUpstream, NEWEST } from '../examined-upstream.ts';
import { type Finding, note, ok, problem } from '../finding.ts';

/** Whether the newest runs are as this gateway knows them. */
export async function rows(upstream: ExaminedUpstream): Promise<Finding> {
  const list = await upstream.newest();
  const broken = checkPage(list, { ...NEWEST, after: null }, RUN_LIST);
  if (broken !== null) {
    return problem(
      `the list of runs can't be trusted: ${redact(broken.detail, upstream.secrets)}`,
      'Look for a proxy that changes answers; the gateway refuses such pages.',
      { kind: broken.kind },
    );
  }
  const { length, 0: newest } = list.rows;
  const facts = { count: length, copied: list.copied, newest: newest?.createdInstant ?? null };
  if (length === 0) return ok('there are none', facts);
  const copied = upstream.options.rowCopying
    ? `${list.copied} of the newest ${length} can be copied`
    : 'rows are not copied';
  const drift = driftOf(upstream, (report) => list.reportDrift(report));
  return drift === undefined
    ? ok(`as this gateway knows them; ${copied}`, facts)
    : note(`${drift}; ${copied}`, SERVED, facts);
}

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
  'They are served anyway: new values as UNRECOGNIZED, missing fields as null, new fields not at all.';
