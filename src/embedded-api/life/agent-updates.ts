import type { NewRun } from '../model/run.ts';
import type { RunStore } from '../store/store.ts';

/** Writes the end of a run into the row of its agent, if there is one. */
export function updateAgent(store: RunStore, agentId: string, run: Partial<NewRun>): void {
  const { completed_at, stop_reason, total_duration_ns } = run;
  if (!completed_at || store.agents.find(agentId) === undefined) return;
  store.agents.update(agentId, {
    updated_at: completed_at,
    last_run_completion: completed_at,
    last_run_duration_ms: Math.round(Number(total_duration_ns) / 1e6),
    last_stop_reason: stop_reason ?? null,
  });
}
