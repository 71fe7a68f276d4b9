import { RUN_LIST } from '../runs/list.ts';
import { checkDurations } from '../runs/listed-durations.ts';
import { oncePer } from '../runs/once-per.ts';
import { filterKey, type RunFilter } from '../runs/run-filters.ts';
import { type CountedRun, readCounted } from '../runs/run-stats.ts';
import { type RunWindow, windowKey, windowOf } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import { type CountedRows, countRows } from '../windows/count-rows.ts';
import type { ScanBudgets } from '../windows/scan-budget.ts';
import type { AgentRuns } from './agent-runs.ts';
import { lazily } from './lazily.ts';

/** Which runs are counted. */
interface CountedSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Runs for statistics. */
export interface CountedRuns extends CountedRows<CountedRun> {
  /** Checks once that the durations of all of them can be relied on. @throws UnsupportedError */
  readonly checkDurations: () => Promise<void>;
}

/** Reads all runs of a selection, as far as the budget goes, once per operation. */
export interface RunCounts {
  /** @throws UpstreamError */
  read(selection: CountedSelection): Promise<CountedRows<Run>>;
  /** The same, for numbers that need more than how many there are. @throws UpstreamError */
  readForStats(selection: CountedSelection): Promise<CountedRuns>;
}

export function createRunCounts(source: AgentRuns, budgets: ScanBudgets): RunCounts {
  const counts = new Map<string, Promise<CountedRows<Run>>>();
  const read = ({ filter, window }: CountedSelection): Promise<CountedRows<Run>> => {
    const key = filterKey(filter) + windowKey(window);
    const sources = { list: RUN_LIST, source, budget: budgets.open() };
    const counted = counts.get(key) ?? countRows(filter, windowOf(window, source), sources);
    counts.set(key, counted);
    return counted;
  };
  const forStats = oncePer((counted: CountedRows<Run>): CountedRuns => {
    const rows = counted.rows.map(readCounted);
    return { ...counted, rows, checkDurations: lazily(() => checkDurations(rows, source)) };
  });
  return { read, readForStats: async (selection) => forStats(await read(selection)) };
}
