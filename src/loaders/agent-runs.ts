import DataLoader from 'dataloader';
import pMap from 'p-map';
import { RepeatedKeysError } from '../runs/errors.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import type { Run } from '../runs/run.ts';
import { filterKey } from '../runs/run-filters.ts';
import type { RunRangeQuery, RunsSource } from '../runs/source.ts';

/** Ranges of runs; those of many agents at once are asked for together. */
export type AgentRuns = Pick<RunsSource, 'rowsFollowing'>;

/** A range of one agent's runs. */
interface AgentQuery extends RunRangeQuery {
  readonly filter: RunRangeQuery['filter'] & { readonly agentId: string };
}

/** Agents in one request: their ids have to fit into an address. */
const MAX_AGENTS = 100;
/** A batch asks for this much more rows than its agents need if their runs are spread evenly. */
const MARGIN = 3;
/** Requests at a time. */
const MAX_AT_ONCE = 8;

/**
 * Answers the same range query for many agents from few requests. A range of the runs of a whole
 * batch of agents lies in the list's total order, so it shows for certain the rows of each agent that
 * has as many in it as the query asks for, and of all agents when it isn't full. Those whose rows it
 * doesn't show for certain share the next batch, and a last one is asked alone.
 */
export function createAgentRuns(runs: RunsSource): AgentRuns {
  const loader = new DataLoader<AgentQuery, readonly Run[], string>(
    async (queries) => {
      const groups = Map.groupBy(queries, (query) => keyOf(othersOf(query), query));
      const answers = new Map<AgentQuery, readonly Run[] | Error>();
      await Promise.all([...groups.values()].map((group) => answerGroup(group, runs, answers)));
      return queries.map((query) => answers.get(query) ?? new Error('A range query was not answered'));
    },
    { cacheKeyFn: (query) => keyOf(query.filter, query) },
  );
  return {
    rowsFollowing(query) {
      const { agentId, ...filter } = query.filter;
      if (agentId === undefined) return runs.rowsFollowing(query);
      return loader.load({ ...query, filter: { ...filter, agentId } });
    },
  };
}

/** The filters besides the agent. */
function othersOf({ filter: { agentId: _agentId, ...others } }: AgentQuery): RunRangeQuery['filter'] {
  return others;
}

function keyOf(filter: RunRangeQuery['filter'], { order, after, limit }: RunRangeQuery): string {
  return filterKey(filter) + JSON.stringify([order, after?.createdAt, after?.id, limit]);
}

/** Answers queries that differ in nothing but their agents, no two of them of the same one. */
async function answerGroup(
  queries: readonly AgentQuery[],
  runs: RunsSource,
  answers: Map<AgentQuery, readonly Run[] | Error>,
): Promise<void> {
  const limit = queries[0]?.limit ?? MAX_LIST_ROWS;
  let open = queries;
  while (open.length > 0) {
    const fitting = Math.max(1, Math.min(MAX_AGENTS, Math.floor(MAX_LIST_ROWS / limit)));
    const batches = chunks(open, runs.takesManyAgents() ? fitting : 1);
    const left = await pMap(batches, (batch) => answerBatch(batch, runs, answers), {
      concurrency: MAX_AT_ONCE,
    });
    open = left.flat();
  }
}

/**
 * Asks for one batch, and returns the queries that it doesn't settle: fewer than it was asked for,
 * or all of them from an upstream that turns out to take one agent at a time.
 */
async function answerBatch(
  queries: readonly AgentQuery[],
  runs: RunsSource,
  answers: Map<AgentQuery, readonly Run[] | Error>,
): Promise<readonly AgentQuery[]> {
  const [first, second] = queries;
  if (first === undefined) return [];
  const isAlone = second === undefined;
  const limit = isAlone ? first.limit : Math.min(MAX_LIST_ROWS, queries.length * first.limit * MARGIN);
  const agentIds = queries.map((query) => query.filter.agentId);
  const batch: RunRangeQuery = isAlone
    ? first
    : { ...first, filter: { ...othersOf(first), agentIds }, limit, isOneRequest: true };
  try {
    const rows = await runs.rowsFollowing(batch);
    if (isAlone) {
      answers.set(first, rows);
      return [];
    }
    const byAgent = Map.groupBy(rows, (run) => run.agentId);
    const isWhole = rows.length < limit;
    return queries.filter((query) => {
      const own = byAgent.get(query.filter.agentId) ?? [];
      if (own.length < query.limit && !isWhole) return true;
      answers.set(query, own.slice(0, query.limit));
      return false;
    });
  } catch (error) {
    if (error instanceof RepeatedKeysError) return queries;
    const failure = error instanceof Error ? error : new Error('A range query failed', { cause: error });
    for (const query of queries) answers.set(query, failure);
    return [];
  }
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
