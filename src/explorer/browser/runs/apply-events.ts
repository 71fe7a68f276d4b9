import type * as Types from '../__generated__/graphql.ts';
import { brief } from '../format/text.ts';

type RunNode = NonNullable<Types.ExplorerRunsQuery['runs']>['nodes'][number];
export type RunEvent = NonNullable<Types.ExplorerRunEventsSubscription['runEvents']>;

export interface Row extends Types.ExplorerRowFragment {
  /** The time of creation and the id, by which rows are sorted. */
  readonly key: string;
  /** Why the run failed. */
  readonly error: string | undefined;
  /** Since when the run waits. */
  readonly since?: string;
  /** When an event brought or changed the run, in milliseconds. */
  readonly changedAt?: number;
}

export function rowOf({ failure, ...run }: RunNode): Row {
  // Times have no fraction of a second, or up to nine digits.
  const [second = '', fraction = ''] = run.createdAt.replace('Z', '').split('.');
  const key = `${second}.${fraction.padEnd(9, '0')} ${run.id}`;
  return { ...run, key, error: failure ? brief(failure.message, 300) : undefined };
}

/**
 * Applies events to rows, newest first.
 *
 * @param hasMore whether older runs follow: their events are left out, since a later page brings them
 */
export function applyEvents(
  before: readonly Row[],
  events: readonly RunEvent[],
  hasMore: boolean,
): readonly Row[] {
  const rows = new Map(before.map((row) => [row.id, row]));
  const oldest = before.at(-1)?.key;
  for (const { kind, runId, run } of events) {
    if (kind === 'REMOVED' || run === null) {
      rows.delete(runId);
      continue;
    }
    const row = rowOf(run);
    const previous = rows.get(row.id);
    if (previous === undefined && hasMore && oldest !== undefined && row.key < oldest) continue;
    const isSame = previous?.status === row.status && previous.stopReason === row.stopReason;
    rows.set(row.id, { ...row, changedAt: isSame ? (previous.changedAt ?? 0) : Date.now() });
  }
  return [...rows.values()].toSorted((a, b) => (a.key < b.key ? 1 : -1));
}
