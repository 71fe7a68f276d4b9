import type { AgentRuns } from '../loaders/agent-runs.ts';
import { lazily } from '../loaders/lazily.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { filterKey, type RunFilter } from '../runs/run-filters.ts';
import { type RunWindow, windowKey } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { ScanBudgets } from './scan-budget.ts';
import { scanList } from './scan-list.ts';

/** Which runs are counted. */
interface CountedSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

export interface CountedRuns {
  /** Newest first. */
  readonly runs: readonly Run[];
  /** Whether these are all of them. If not, the budget was spent. */
  readonly isWhole: boolean;
}

/** Reads all runs of a selection, as far as the budget goes, once per operation. */
export interface RunCounts {
  /** @throws UpstreamError */
  read(selection: CountedSelection): Promise<CountedRuns>;
}

export function createRunCounts(runs: AgentRuns, scanBudgets: ScanBudgets): RunCounts {
  const counts = lazily(() => new Map<string, Promise<CountedRuns>>());
  return {
    read(selection) {
      const key = filterKey(selection.filter) + windowKey(selection.window);
      const counted = counts().get(key) ?? readAll(selection, runs, scanBudgets);
      counts().set(key, counted);
      return counted;
    },
  };
}

async function readAll(
  { filter, window }: CountedSelection,
  runs: AgentRuns,
  scanBudgets: ScanBudgets,
): Promise<CountedRuns> {
  const budget = scanBudgets.open();
  const found: Run[] = [];
  const { createdAfter, createdBefore } = window;
  // From the side on which the window is open, where no seek is needed.
  const order = createdAfter === undefined && createdBefore !== undefined ? 'asc' : 'desc';
  const newestFirst = (all: readonly Run[]): readonly Run[] => (order === 'asc' ? all.toReversed() : all);
  let isFirst = true;
  let isSpent = false;
  /** Rows taken from the budget for the request in flight. */
  let taken = 0;
  const nextLimit = (): number => {
    if (isSpent) return 0;
    const left = isFirst ? budget.own() : budget.left();
    isFirst = false;
    isSpent = left <= 0;
    taken = isSpent ? 0 : Math.min(MAX_LIST_ROWS, left);
    budget.spend(taken);
    // One row more, which is not counted, tells whether the list ends exactly there.
    return isSpent ? 1 : taken;
  };
  const scan = { filter, window, order, after: null, until: null, nextLimit } as const;
  for await (const { rows, read, isLast } of scanList(scan, { runs, budget })) {
    if (isSpent && read > 0) break;
    budget.spend(read - taken);
    for (const run of rows) found.push(run);
    if (isLast) return { runs: newestFirst(found), isWhole: true };
  }
  return { runs: newestFirst(found), isWhole: false };
}
