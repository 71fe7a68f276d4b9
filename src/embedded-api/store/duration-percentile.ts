import { among, type ListQuery } from './list-query.ts';
import type { Statements } from './statements.ts';

/**
 * Returns the duration that a fraction of the measured runs is below, as PostgreSQL's `percentile_cont`: between two
 * runs it is interpolated. Undefined if no run was measured.
 */
export function durationPercentile(
  { rows }: Statements,
  fraction: number,
  { organizationId, filters = {} }: Pick<ListQuery, 'organizationId' | 'filters'>,
): number | undefined {
  const conditions = [
    among('organization_id', [organizationId]),
    ...Object.entries(filters).map(([name, values]) => among(name, values)),
  ];
  const measured = `FROM runs WHERE ${conditions.map(({ sql }) => sql).join(' AND ')} AND run_ns IS NOT NULL`;
  const values = conditions.flatMap((condition) => [...condition.values]);
  const count = Number(rows<{ count: bigint }>(`SELECT count(*) AS count ${measured}`, values)[0]?.count);
  if (count === 0) return undefined;
  const at = fraction * (count - 1);
  const [low, high = low] = rows<{ run_ns: bigint }>(
    `SELECT run_ns ${measured} ORDER BY run_ns LIMIT 2 OFFSET ?`,
    [...values, Math.floor(at)],
  ).map(({ run_ns }) => Number(run_ns));
  if (low === undefined || high === undefined) return undefined;
  return low + (at - Math.floor(at)) * (high - low);
}
