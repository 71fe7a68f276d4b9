import { batchOwners } from '../lists/batches.ts';
import type { ListSource } from '../lists/list.ts';
import { RUN_LIST } from '../runs/list.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import type { SeekableList } from '../windows/window.ts';

/** Range queries, batched across agents, and seeks, each sent once. */
export interface AgentRuns extends ListSource<Run, RunFilter>, SeekableList<Run, RunFilter> {
  /** Whether lists show the durations of runs. */
  listsDurations(): Promise<boolean>;
}

export function createAgentRuns(runs: RunsSource): AgentRuns {
  const rowsFollowing = batchOwners<Run, RunFilter>(RUN_LIST, runs, {
    one: 'agentId',
    several: 'agentIds',
    ownerOf: ({ agentId }) => agentId,
    takesSeveral: () => runs.takesManyAgents(),
  });
  const seeks = new Map<string, ReturnType<RunsSource['seek']>>();
  return {
    rowsFollowing,
    // Those of many agents are better sent together than ahead.
    readAhead: (query) => (query.filter.agentId === undefined ? runs.readAhead(query) : rowsFollowing),
    canSeek: () => runs.canSeek(),
    listsDurations: () => runs.listsDurations(),
    seek(query) {
      const key = `${query.side} ${query.instant}`;
      const sought = seeks.get(key) ?? runs.seek(query);
      seeks.set(key, sought);
      return sought;
    },
  };
}
