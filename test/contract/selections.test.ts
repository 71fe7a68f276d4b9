import { env } from 'node:process';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';
import { ADDRESS_VARIABLES } from './arguments.ts';
import { literal, openDatabase } from './database.ts';
import { METADATA_VALUES, type MetadataValue, randomSelections } from './selections.ts';

const upstreamUrl = env[ADDRESS_VARIABLES.upstream];
const database = env['CONTRACT_DATABASE'];
/** How many random selections are compared, and how many at a time. */
const CASES = 300;
const AT_ONCE = 4;

interface Answer {
  readonly runs: {
    readonly nodes: readonly { readonly id: string }[];
    readonly pageInfo: { readonly hasNextPage: boolean; readonly hasPreviousPage: boolean };
    readonly totalCount: object;
  } | null;
  readonly runStats: { readonly count: object } | null;
}

if (upstreamUrl === undefined || database === undefined) {
  test.skip('random selections against SQL (skipped: needs CONTRACT_UPSTREAM, and CONTRACT_DATABASE, the URI of its PostgreSQL)', () => {});
} else {
  test('Random selections of runs are those of SQL', { timeout: 1_800_000 }, async (context) => {
    const sql = openDatabase(database);
    await using gateway = await createGateway({ upstreamUrl, scanBudget: 100_000, maxCost: 1_000_000 });
    const oldest = await execute<Answer, never>(gateway, '{ runs(last: 1) { nodes { id } } }');
    const [sample = { id: '' }] = oldest.data?.runs?.nodes ?? [];
    // What the caller sees: the runs of an organization.
    const seen = `from runs r where not r.is_deleted and r.organization_id =
      (select organization_id from runs where id = ${literal(sample.id)})`;
    const order = 'order by r.created_at desc, r.id collate "C" desc';
    const [all, created, agents, metadata] = sql.read([
      `select coalesce(json_agg(r.id ${order}), '[]') ${seen}`,
      `select json_agg(to_char(r.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')) ${seen}`,
      `select json_agg(distinct r.agent_id) ${seen}`,
      METADATA_VALUES,
    ]) as [string[], string[], string[], MetadataValue[]];
    const cursor = fc.option(fc.nat(all.length - 1), { nil: undefined, freq: 1 });
    const arbitrary = fc.record({
      selection: randomSelections({ created, agents, metadata }),
      isAscending: fc.boolean(),
      isForward: fc.boolean(),
      size: fc.oneof(fc.nat(9), fc.nat(1000)),
      after: cursor,
      before: cursor,
    });
    const cases = fc.sample(arbitrary, propertyRuns(CASES));
    const matching = sql.read(
      cases.map(({ selection }) => {
        const conditions = selection.map((each) => ` and ${each.sql}`).join('');
        return `select coalesce(json_agg(r.id ${order}), '[]') ${seen}${conditions}`;
      }),
    ) as string[][];

    const compare = async (index: number): Promise<string | undefined> => {
      const { selection, isAscending, isForward, size, after, before } = cases[index]!;
      const wanted = new Set(matching[index]);
      const list = isAscending ? all.toReversed() : all;
      const [from, to] = [after, before].map((at) => (at === undefined ? undefined : list[at]));
      const page = relayPage(list, (id) => wanted.has(id), {
        [isForward ? 'first' : 'last']: size,
        after: from,
        before: to,
      });
      const filters = selection.map(({ graphql }) => graphql).join(', ');
      const args = [
        `${isForward ? 'first' : 'last'}: ${size}`,
        `order: ${isAscending ? 'ASC' : 'DESC'}`,
        ...(from === undefined ? [] : [`after: "${from}"`]),
        ...(to === undefined ? [] : [`before: "${to}"`]),
        filters,
      ].join(', ');
      const text = `{
        runs(${args}) { nodes { id } pageInfo { hasNextPage hasPreviousPage } totalCount { value precision } }
        runStats${filters === '' ? '' : `(${filters})`} { count { value precision } }
      }`;
      const { data, errors } = await execute<Answer, never>(gateway, text);
      const count = { value: wanted.size, precision: 'EXACT' };
      const { rows, ...pageInfo } = page;
      const expected = { nodes: rows.map((id) => ({ id })), pageInfo, totalCount: count };
      const isRight =
        JSON.stringify(sorted(data)) === JSON.stringify(sorted({ runs: expected, runStats: { count } }));
      return isRight ? undefined : `${text}\n${JSON.stringify(errors ?? data).slice(0, 1000)}`;
    };

    const wrong: string[] = [];
    const queue = cases.keys();
    const work = async (): Promise<void> => {
      for (const index of queue) {
        // As many at once as there are workers.
        // oxlint-disable-next-line no-await-in-loop -- See above.
        const mistake = await compare(index);
        if (mistake !== undefined) wrong.push(mistake);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    const found = matching.filter(({ length }) => length > 0).length;
    await context.annotate(`${cases.length} selections, ${found} of them not empty, ${wrong.length} wrong`);
    expect(wrong).toEqual([]);
  });
}

/** With the keys of objects in order. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, each]) => [key, sorted(each)] as const)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}
