import type { Page } from '../lists/pages/connection.ts';
import { loadPage, type PageRequest } from '../lists/pages/load-page.ts';
import { RUN_LIST } from '../runs/list.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import { isBounded, type RunWindow, windowOf } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import type { ScanBudgets } from '../windows/scan-budget.ts';
import { searchWindow } from '../windows/search-page.ts';
import type { AgentRuns } from './agent-runs.ts';
import type { ById } from './by-id.ts';

export interface RunPageRequest extends PageRequest<RunFilter> {
  readonly window: RunWindow;
}

/** The loaders that a page needs. */
export interface RunPageSources {
  readonly agentRuns: AgentRuns;
  readonly runById: ById<Run>;
  readonly scanBudgets: ScanBudgets;
}

/**
 * Loads one page of runs.
 *
 * @throws InvalidCursorError for a cursor whose run is gone or never existed
 * @throws GatewayError if the runs of a window are too far from its start, or from each other
 * @throws UpstreamError
 */
export function loadRunPage(
  request: RunPageRequest,
  { agentRuns: source, runById: byId, scanBudgets }: RunPageSources,
): Promise<Page<Run>> {
  const list = RUN_LIST;
  if (!isBounded(request.window)) return loadPage(request, { list, source, byId });
  const search = searchWindow(windowOf(request.window, source), { list, source }, scanBudgets);
  return loadPage(request, { list, source, byId }, search);
}
