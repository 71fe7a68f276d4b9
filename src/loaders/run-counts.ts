import { RUN_LIST } from '../runs/list.ts';
import { filterKey, type RunFilter } from '../runs/run-filters.ts';
import { type RunWindow, windowKey, windowOf } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import { type CountedRows, countRows } from '../windows/count-rows.ts';
import type { ScanBudgets } from '../windows/scan-budget.ts';
import type { AgentRuns } from './agent-runs.ts';

/** Which runs are counted. */
interface CountedSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Reads all runs of a selection, as far as the budget goes, once per operation. */
export interface RunCounts {
  /** @throws UpstreamError */
  read(selection: CountedSelection): Promise<CountedRows<Run>>;
}

export function createRunCounts(source: AgentRuns, budgets: ScanBudgets): RunCounts {
  const counts = new Map<string, Promise<CountedRows<Run>>>();
  return {
    read({ filter, window }) {
      const key = filterKey(filter) + windowKey(window);
      const counted =
        counts.get(key) ??
        countRows(filter, windowOf(window, source), { list: RUN_LIST, source, budget: budgets.open() });
      counts.set(key, counted);
      return counted;
    },
  };
}
