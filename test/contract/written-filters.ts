import * as fc from 'fast-check';
import { RUN_STATUSES, STOP_REASONS } from '../support/run-fields.ts';

/** A filter of runs as it is written in a query, and what it means in SQL. */
export interface Written {
  readonly graphql: string;
  readonly sql: string;
}

/** What the filters are about. */
export interface KnownValues {
  readonly created: readonly string[];
  readonly agents: readonly string[];
  /** Keys of metadata, each with a scalar as JSON that is there in some run. */
  readonly metadata: readonly (readonly [key: string, value: string])[];
}

/** Random filters of all kinds, over what there is in the database. More of them leave no runs. */
export function writtenFilters(known: KnownValues): fc.Arbitrary<readonly Written[]> {
  const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });
  const isIn = (column: string, values: readonly string[]): string =>
    `${column} IN (${values.map(literal).join(', ')})`;
  const capitals = (values: readonly string[]): string => `[${values.join(', ').toUpperCase()}]`;
  const key = fc.constantFrom(...known.metadata);
  const kinds: readonly fc.Arbitrary<Written>[] = [
    some(RUN_STATUSES).map((all) => ({ graphql: `statuses: ${capitals(all)}`, sql: isIn('status', all) })),
    some(RUN_STATUSES).map((all) => ({
      graphql: `notStatuses: ${capitals(all)}`,
      sql: `NOT ${isIn('status', all)}`,
    })),
    some(STOP_REASONS).map((all) => ({
      graphql: `stopReasons: ${capitals(all)}`,
      sql: isIn('stop_reason', all),
    })),
    some(STOP_REASONS).map((all) => ({
      graphql: `notStopReasons: ${capitals(all)}`,
      sql: `(stop_reason IS NULL OR NOT ${isIn('stop_reason', all)})`,
    })),
    fc.constantFrom(...known.agents).map((id) => ({
      graphql: `agentId: "${id}"`,
      sql: `agent_id = ${literal(id)}`,
    })),
    fc
      .tuple(fc.constantFrom(['After', '>='], ['Before', '<']), fc.constantFrom(...known.created))
      .map(([[name, is], at]) => ({
        graphql: `created${name}: "${at}"`,
        sql: `created_at ${is} ${literal(at)}::timestamptz`,
      })),
    fc.tuple(fc.constantFrom(['min', '>='], ['max', '<=']), fc.nat(3600)).map(([[name, is], seconds]) => ({
      graphql: `${name}DurationNs: "PT${seconds}S"`,
      sql: `ns ${is} ${seconds}::bigint * 1000000000`,
    })),
    fc
      .tuple(key, key, fc.constantFrom('exists', 'not', 'equals', 'other'))
      .map(([[name, own], [, other], is]) => {
        const at = `metadata_::jsonb -> ${literal(name)}`;
        const path = `path: ${pathOf(name)}`;
        if (is === 'exists')
          return { graphql: `metadata: [{ ${path}, exists: true }]`, sql: `${at} IS NOT NULL` };
        if (is === 'not') return { graphql: `metadata: [{ ${path}, exists: false }]`, sql: `${at} IS NULL` };
        const value = is === 'equals' ? own : other;
        // Null where there is no value, which is not true.
        const sql = `coalesce(${at} = ${literal(value)}::jsonb, false)`;
        return { graphql: `metadata: [{ ${path}, equals: ${value} }]`, sql };
      }),
  ];
  return fc.subarray([...kinds], { maxLength: 3 }).chain((chosen) => fc.tuple(...chosen));
}

function pathOf(key: string): string {
  return JSON.stringify(key.replaceAll(/[.\\]/g, String.raw`\$&`));
}

/** A text as SQL. */
export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
