import * as fc from 'fast-check';
import { RUN_STATUSES, STOP_REASONS } from '../support/run-fields.ts';
import { literal } from './database.ts';

/** An argument of `runs` as it is written in a query, and what it means in SQL. */
export interface Written {
  readonly graphql: string;
  readonly sql: string;
}

/** A value in the metadata of some run: its keys, and its text as PostgreSQL writes it. */
export type MetadataValue = readonly [path: readonly string[], text: string];

/** Every value in metadata, below objects only. */
export const METADATA_VALUES = `with recursive found as (
    select array[e.key] as path, e.value from runs, jsonb_each(
      case when json_typeof(metadata_) = 'object' then metadata_::jsonb else '{}' end) e
    union all
    select path || e.key, e.value from found, jsonb_each(
      case when jsonb_typeof(value) = 'object' then value else '{}' end) e
  ) select coalesce(json_agg(distinct jsonb_build_array(path, value::text)), '[]') from found`;

const DURATION = '(select coalesce(max(m.run_ns), r.total_duration_ns) from run_metrics m where m.id = r.id)';

/** Random filters of all kinds, over what there is in the database. */
export function randomSelections(known: {
  readonly created: readonly string[];
  readonly agents: readonly string[];
  readonly metadata: readonly MetadataValue[];
}): fc.Arbitrary<readonly Written[]> {
  const capitals = (values: readonly string[]): string => `[${values.join(', ').toUpperCase()}]`;
  const inList = (column: string, values: readonly string[]): string =>
    `${column} in (${values.map(literal).join(', ')})`;
  const some = (values: readonly string[]) => fc.subarray([...values], { minLength: 1 });

  const status = fc.oneof(
    some(RUN_STATUSES).map((values) => ({
      graphql: `statuses: ${capitals(values)}`,
      sql: inList('r.status', values),
    })),
    fc.constant({ graphql: 'active: true', sql: "r.status in ('created', 'running')" }),
  );
  const notStatus = some(RUN_STATUSES).map((values) => ({
    graphql: `notStatuses: ${capitals(values)}`,
    sql: `not ${inList('r.status', values)}`,
  }));
  const reason = fc.oneof(
    some(STOP_REASONS).map((values) => ({
      graphql: `stopReasons: ${capitals(values)}`,
      sql: inList('r.stop_reason', values),
    })),
    fc.constantFrom(...STOP_REASONS).map((value) => ({
      graphql: `stopReason: ${value.toUpperCase()}`,
      sql: inList('r.stop_reason', [value]),
    })),
  );
  const notReason = some(STOP_REASONS).map((values) => ({
    graphql: `notStopReasons: ${capitals(values)}`,
    sql: `(r.stop_reason is null or not ${inList('r.stop_reason', values)})`,
  }));
  const agent = fc.constantFrom(...known.agents).map((id) => ({
    graphql: `agentId: "${id}"`,
    sql: `r.agent_id = ${literal(id)}`,
  }));
  const instant = fc.oneof(
    fc.constantFrom(...known.created),
    fc.constantFrom(...known.created).map((text) => text.slice(0, 10)),
  );
  const time = fc
    .tuple(fc.constantFrom(['After', '>='], ['Before', '<']), instant)
    .map(([[name, is], bound]) => ({
      graphql: `created${name}: "${bound}"`,
      sql: `r.created_at ${is} ${literal(bound.length === 10 ? `${bound}T00:00:00Z` : bound)}::timestamptz`,
    }));
  const duration = fc
    .tuple(
      fc.constantFrom(['min', '>='], ['max', '<=']),
      fc.oneof(
        fc.integer({ min: 0, max: 3600 }).map((seconds) => [`"PT${seconds}S"`, `${seconds}000000000`]),
        fc.integer({ min: 0, max: 59 }).map((minutes) => [`"PT${minutes}M0.5S"`, `${minutes * 60}500000000`]),
        fc.integer({ min: 0, max: 1e13 }).map((ns) => [`${ns}`, `${ns}`]),
      ),
    )
    .map(([[name, is], [written, ns]]) => ({
      graphql: `${name}DurationNs: ${written}`,
      sql: `${DURATION} ${is} ${ns?.replace(/^0+(?=\d)/, '')}`,
    }));
  const metadata = fc.array(condition(known.metadata), { minLength: 1, maxLength: 3 }).map((all) => ({
    graphql: `metadata: [${all.map(({ graphql }) => graphql).join(', ')}]`,
    sql: all.map(({ sql }) => sql).join(' and '),
  }));
  const parts = { status, notStatus, reason, notReason, agent, time, duration, metadata };
  // More of them leave no runs.
  return fc
    .subarray(Object.values<fc.Arbitrary<Written>>(parts), { maxLength: 3 })
    .chain((chosen) => fc.tuple(...chosen));
}

function condition(values: readonly MetadataValue[]): fc.Arbitrary<Written> {
  const usable = values.filter(
    ([path, text]) => path.every((key) => key !== '') && text.length < 500 && isWritable(text),
  );
  // Each path as often as any other, however many values there are.
  const byPath = [...Map.groupBy(usable, ([path]) => JSON.stringify(path)).values()];
  const value = fc.constantFrom(...byPath).chain((same) => fc.constantFrom(...same));
  return fc.oneof(
    fc.tuple(value, fc.boolean()).map(([[path], exists]) => ({
      graphql: `{ path: ${pathOf(path)}, exists: ${exists} }`,
      sql: `${at(path)} is ${exists ? 'not ' : ''}null`,
    })),
    fc
      .tuple(value, value, fc.boolean())
      .map(([[path, own], [, other], isOwn]) => equals(path, isOwn ? own : other)),
  );
}

function equals(path: readonly string[], text: string): Written {
  return {
    graphql: `{ path: ${pathOf(path)}, equals: ${asGraphql(text)} }`,
    // Null where there is no value, which is not true.
    sql: `coalesce(${at(path)} = ${literal(text)}::jsonb, false)`,
  };
}

function at(path: readonly string[]): string {
  return `(r.metadata_::jsonb${path.map((key) => ` -> ${literal(key)}`).join('')})`;
}

function pathOf(path: readonly string[]): string {
  return JSON.stringify(path.map((key) => key.replaceAll(/[.\\]/g, String.raw`\$&`)).join('.'));
}

const KEY = /"((?:[^"\\]|\\.)*)": /g;

/** Keys of objects are names in GraphQL. */
function isWritable(text: string): boolean {
  return [...text.matchAll(KEY)].every(([, key = '']) => /^[A-Za-z_]\w*$/.test(key));
}

function asGraphql(text: string): string {
  return text.replaceAll(KEY, '$1: ');
}
