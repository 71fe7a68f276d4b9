import { RUN_LIST } from '../runs/list.ts';
import { checkDurations } from '../runs/listed-durations.ts';
import { filterKey, type RunFilter } from '../runs/run-filters.ts';
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

export interface CountedRuns extends CountedRows<Run> {
  /** Checks once that the durations of all of them can be relied on. @throws UnsupportedError */
  readonly checkDurations: () => Promise<void>;
}

/** Reads all runs of a selection, as far as the budget goes, once per operation. */
export interface RunCounts {
  /** @throws UpstreamError */
  read(selection: CountedSelection): Promise<CountedRuns>;
}

export function createRunCounts(source: AgentRuns, budgets: ScanBudgets): RunCounts {
  const counts = new Map<string, Promise<CountedRuns>>();
  const count = async ({ filter, window }: CountedSelection): Promise<CountedRuns> => {
    const sources = { list: RUN_LIST, source, budget: budgets.open() };
    const counted = await countRows(filter, windowOf(window, source), sources);
    return { ...counted, checkDurations: lazily(() => checkDurations(counted.rows, source)) };
  };
  return {
    read(selection) {
      const key = filterKey(selection.filter) + windowKey(selection.window);
      const counted = counts.get(key) ?? count(selection);
      counts.set(key, counted);
      return counted;
    },
  };
}
