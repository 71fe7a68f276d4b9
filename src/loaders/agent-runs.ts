import DataLoader from 'dataloader';
import { RepeatedKeysError } from '../lists/errors.ts';
import type { Rows } from '../lists/rows.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { filterKey } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunRangeQuery, RunsSource } from '../runs/source.ts';
import { lazily } from './lazily.ts';

/** Range queries, batched across agents, and seeks, each sent once. */
export type AgentRuns = Pick<
  RunsSource,
  'rowsFollowing' | 'readAhead' | 'seek' | 'canSeek' | 'listsDurations'
>;

/** A range query for the runs of one agent. */
interface AgentQuery extends RunRangeQuery {
  readonly filter: RunRangeQuery['filter'] & { readonly agentId: string };
}

/** Agents in one batch: their ids have to fit into one address. */
const MAX_BATCHED_AGENTS = 100;
/** The limit of a batch, as a multiple of the rows that its agents need if their runs are spread evenly. */
const OVERFETCH = 3;

/**
 * Creates a loader that answers the same range query for many agents with few requests. The runs of
 * a whole batch of agents are requested in list order. The response is complete for each agent that
 * has as many rows in it as the query asks for, and for all agents if the response is shorter than
 * its limit. The remaining agents form the next batch; a last one is requested alone.
 */
export function createAgentRuns(runs: RunsSource): AgentRuns {
  const loader = lazily(
    () =>
      new DataLoader<AgentQuery, Rows<Run>, string>(
        async (queries) => {
          const groups = Map.groupBy(queries, (query) => keyOf(otherFilters(query), query));
          const answers = new Map<AgentQuery, Rows<Run> | Error>();
          await Promise.all([...groups.values()].map((group) => answerGroup(group, runs, answers)));
          return queries.map((query) => answers.get(query) ?? new Error('A range query was not answered'));
        },
        { cacheKeyFn: (query) => keyOf(query.filter, query) },
      ),
  );
  const seeks = lazily(() => new Map<string, ReturnType<RunsSource['seek']>>());
  const agentRuns: AgentRuns = {
    canSeek: () => runs.canSeek(),
    listsDurations: () => runs.listsDurations(),
    seek(query) {
      const key = `${query.side} ${query.instant}`;
      const sought = seeks().get(key) ?? runs.seek(query);
      seeks().set(key, sought);
      return sought;
    },
    // Those of many agents are better sent together than ahead.
    readAhead: (query) =>
      query.filter.agentId === undefined ? runs.readAhead(query) : agentRuns.rowsFollowing,
    rowsFollowing(query) {
      if (query.filter.agentId === undefined) return runs.rowsFollowing(query);
      const { agentId, ...filter } = query.filter;
      return loader().load({ ...query, filter: { ...filter, agentId } });
    },
  };
  return agentRuns;
}

/** Returns the filters other than the agent. */
function otherFilters({ filter: { agentId: _agentId, ...others } }: AgentQuery): RunRangeQuery['filter'] {
  return others;
}

function keyOf(filter: RunRangeQuery['filter'], { order, after, limit }: RunRangeQuery): string {
  return filterKey(filter) + JSON.stringify([order, after?.createdAt, after?.id, limit]);
}

/** Answers queries that differ only in their agents, which are distinct. */
async function answerGroup(
  queries: readonly AgentQuery[],
  runs: RunsSource,
  answers: Map<AgentQuery, Rows<Run> | Error>,
): Promise<void> {
  const limit = queries[0]?.limit ?? MAX_LIST_ROWS;
  let remaining = queries;
  while (remaining.length > 0) {
    const batchSize = Math.max(1, Math.min(MAX_BATCHED_AGENTS, Math.floor(MAX_LIST_ROWS / limit)));
    const batches = chunks(remaining, runs.takesManyAgents() ? batchSize : 1);
    const unanswered = await Promise.all(batches.map((batch) => answerBatch(batch, runs, answers)));
    remaining = unanswered.flat();
  }
}

/**
 * Requests one batch, and returns the queries that it leaves unanswered: fewer than it was given, or
 * all of them if the upstream turns out to support only one agent per request.
 */
async function answerBatch(
  queries: readonly AgentQuery[],
  runs: RunsSource,
  answers: Map<AgentQuery, Rows<Run> | Error>,
): Promise<readonly AgentQuery[]> {
  const [first, second] = queries;
  if (first === undefined) return [];
  const isAlone = second === undefined;
  const limit = isAlone ? first.limit : Math.min(MAX_LIST_ROWS, queries.length * first.limit * OVERFETCH);
  const agentIds = queries.map((query) => query.filter.agentId);
  const batch: RunRangeQuery = isAlone
    ? first
    : { ...first, filter: { ...otherFilters(first), agentIds }, limit, isOneRequest: true };
  try {
    const rows = await runs.rowsFollowing(batch);
    if (isAlone) {
      answers.set(first, rows);
      return [];
    }
    const byAgent = Map.groupBy(rows, (run) => run.agentId);
    const isComplete = rows.length < limit;
    return queries.filter((query) => {
      const own = byAgent.get(query.filter.agentId) ?? [];
      if (own.length < query.limit && !isComplete) return true;
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
