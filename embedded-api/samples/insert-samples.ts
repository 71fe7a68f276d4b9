import type { StoredRun } from '../model/rows.ts';
import type { RunStore } from '../store/store.ts';
import { sampleAgent } from './agents.ts';
import { type SampleOptions, sampleRuns } from './sample-runs.ts';

/** Inserts sample runs, as many as are asked for, and their agents, each of which tells of its run that ended last. */
export function insertSamples(store: RunStore, options: SampleOptions): void {
  const agents = new Map<string, { readonly first: StoredRun; last?: StoredRun }>();
  const noted = sampleRunsOf(options, (run) => {
    const agent = agents.get(run.agent_id) ?? { first: run };
    agents.set(run.agent_id, agent);
    if (run.completed_at !== null && run.completed_at > (agent.last?.completed_at ?? '')) agent.last = run;
  });
  store.insert(noted);
  store.agents.insert(Array.from(agents.values(), ({ first, last }) => sampleAgent(first, last)));
}

/** Passes runs on as they are made. */
function* sampleRunsOf(options: SampleOptions, note: (run: StoredRun) => void): Generator<StoredRun> {
  for (const run of sampleRuns(options)) {
    note(run);
    yield run;
  }
}
