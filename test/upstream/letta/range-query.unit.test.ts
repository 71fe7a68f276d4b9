import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { VanishedPositionError } from '../../../src/lists/errors.ts';
import type { ListParameters } from '../../../src/lists/list.ts';
import { createDialectMemory, type Dialect, type DialectMemory } from '../../../src/lists/ranges/dialect.ts';
import type { ListEndpoint } from '../../../src/lists/ranges/probe-dialect.ts';
import { rowsFollowing } from '../../../src/lists/ranges/range-query.ts';
import { RUN_LIST } from '../../../src/runs/list.ts';
import { positionOf } from '../../../src/runs/position.ts';
import type { RunFilter } from '../../../src/runs/run-filters.ts';
import type { Run } from '../../../src/runs/run.ts';
import type { RunRangeQuery } from '../../../src/runs/source.ts';
import { decodeRuns } from '../../../src/wire/decode-run.ts';
import { wireFilters } from '../../support/run-filters.ts';
import { listRuns } from '../../support/run-list.ts';

/** What proves the pages of a list of runs. */
const overRuns = (dialect: DialectMemory) => ({
  list: RUN_LIST,
  memory: { dialect, failedCheck: () => undefined },
});

/** R1 to R5, oldest first, of which R2 and R3 share an instant. */
const WIRE_RUNS = [1, 2, 2, 3, 4].map((second, index) => ({
  id: `run-0000000${index + 1}`,
  agent_id: index % 2 === 0 ? 'agent-even' : 'agent-odd',
  created_at: `2025-01-01T00:00:0${second}Z`,
  status: 'completed',
  background: null,
  conversation_id: null,
  stop_reason: null,
}));
const ALL = decodeRuns(WIRE_RUNS);
const [R1, R2, R3, R4, R5] = ALL as [Run, Run, Run, Run, Run];

/** A server over some of these runs; `ignored` are parameters that it doesn't know. */
function server(dialect: Dialect, runs: readonly Run[] = ALL, ignored: readonly string[] = []) {
  const asked: ListParameters<RunFilter>[] = [];
  const list: ListEndpoint<Run, RunFilter>['page'] = async (parameters) => {
    asked.push(parameters);
    const { order, limit, filter, cursors = {} } = parameters;
    const known = Object.entries({ ...wireFilters(filter), ...cursors }).filter(
      ([name]) => !ignored.includes(name),
    );
    const there = WIRE_RUNS.filter(({ id }) => runs.some((run) => run.id === id));
    const rows = listRuns(there, { ...Object.fromEntries(known), order, limit }, dialect);
    return { rows: decodeRuns(rows), orders: [] };
  };
  const exists = async (id: string) => runs.some((run) => run.id === id);
  return { page: list, exists, asked };
}

function scan(after: Run | null, rest: Partial<RunRangeQuery> = {}): RunRangeQuery {
  return { filter: {}, order: 'desc', limit: 10, after: after && positionOf(after), ...rest };
}

describe.each(['reversed', 'documented'] as const)('Rows are followed on a %s server', (dialect) => {
  it.each<[string, RunRangeQuery, Run[]]>([
    ['from the top', scan(null), [R5, R4, R3, R2, R1]],
    ['behind the newest', scan(R5), [R4, R3, R2, R1]],
    ['behind one of two runs of the same instant', scan(R3), [R2, R1]],
    ['behind the last', scan(R1), []],
    ['oldest first', scan(R2, { order: 'asc' }), [R3, R4, R5]],
    ['behind the last, oldest first', scan(R5, { order: 'asc' }), []],
    ['no more than asked', scan(R5, { limit: 2 }), [R4, R3]],
    ['of one agent, behind a run of another', scan(R4, { filter: { agentId: 'agent-even' } }), [R3, R1]],
  ])('%s', async (_name, request, expected) => {
    for (const known of [undefined, 'reversed', 'documented'] as const) {
      let now = 0;
      const memory = createDialectMemory({ now: () => now });
      if (known !== undefined) memory.prove(known);
      now = 61_000;
      expect(await rowsFollowing(request, server(dialect), overRuns(memory)), `${known}`).toEqual(expected);
    }
  });

  it('with the dialect proven by a probe, once it matters', async () => {
    const changes: Dialect[] = [];
    const memory = createDialectMemory({ onChange: (known) => changes.push(known) });
    const upstream = server(dialect);
    const { asked } = upstream;
    await rowsFollowing(scan(R1), upstream, overRuns(memory));
    const before = asked.length;
    await rowsFollowing(scan(R1), upstream, overRuns(memory));
    await rowsFollowing(scan(R4), upstream, overRuns(memory));
    expect(asked.length - before).toBe(2);
    expect(changes).toEqual([dialect]);
  });

  it('after the server was replaced by one of the other dialect, once the proof is old', async () => {
    let now = 0;
    const memory = createDialectMemory({ now: () => now });
    await rowsFollowing(scan(R1), server(dialect), overRuns(memory));
    const replaced = server(dialect === 'reversed' ? 'documented' : 'reversed');
    now += 61_000;
    expect(await rowsFollowing(scan(R5), replaced, overRuns(memory))).toEqual([R4, R3, R2, R1]);
  });

  it.each([0, 1, 2, 3, 4])(
    'behind a position whose run is gone, or not at all (run %i of 5)',
    async (gone) => {
      const left = ALL.filter((_run, index) => index !== gone);
      for (const order of ['asc', 'desc'] as const) {
        const place = ALL[gone] as Run;
        const behind = order === 'asc' ? left.slice(gone) : left.slice(0, gone).toReversed();
        const outcome = await rowsFollowing(
          scan(place, { order }),
          server(dialect, left),
          overRuns(createDialectMemory()),
        ).catch((error: unknown) => error);
        if (!(outcome instanceof VanishedPositionError)) expect(outcome).toEqual(behind);
      }
    },
  );
});

describe('Rows that are not what was asked for are no page', () => {
  const refused = (list: ListEndpoint<Run, RunFilter>['page'], request: RunRangeQuery) =>
    rowsFollowing(request, { page: list, exists: async () => true }, overRuns(createDialectMemory()));

  it.each<[string, Run[], RunRangeQuery, string]>([
    ['out of order', [R4, R5], scan(null), 'row 1, run-00000005, does not come after row 0'],
    ['twice the same', [R5, R5], scan(null), 'row 1, run-00000005, does not come after row 0'],
    ['too many', [R5, R4, R3], scan(null, { limit: 2 }), 'expected at most 2 rows, but got 3'],
    [
      'of another agent',
      [R5, R4],
      scan(null, { filter: { agentId: 'agent-even', background: true } }),
      "rows that don't match the filter: agentId, background ignored",
    ],
  ])('%s', async (_name, rows, request, detail) => {
    const error = await refused(async () => ({ rows, orders: [] }), request).catch(
      (reason: unknown) => reason,
    );
    expect(error).toBeInstanceOf(UpstreamError);
    expect(error).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: `The page does not answer its query: ${detail}`,
    });
  });

  it.each([R5, R3, R1])('from a server that ignores cursors: the position is lost', async (run) => {
    const { page: list } = server('reversed', ALL, ['before', 'after']);
    await expect(refused(list, scan(run))).rejects.toBeInstanceOf(VanishedPositionError);
  });

  it('from a server that does not speak the configured dialect', async () => {
    const memory = createDialectMemory({ forced: 'reversed' });
    const upstream = server('documented');
    const { asked } = upstream;
    await expect(rowsFollowing(scan(R3), upstream, overRuns(memory))).rejects.toBeInstanceOf(
      VanishedPositionError,
    );
    expect(asked).toHaveLength(1);
  });
});
