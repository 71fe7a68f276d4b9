import type { StoredRun } from '../model/run.ts';
import type { RunStore } from '../store/store.ts';
import { createAgentCollector } from './sample-agents.ts';
import { type SampleOptions, sampleRuns } from './sample-runs.ts';

/** Inserts sample runs, as many as are asked for, and their agents. */
export function insertSamples(store: RunStore, options: SampleOptions): void {
  const collector = createAgentCollector();
  store.insert(collected(sampleRuns(options), collector.add));
  store.agents.insert(collector.agents());
}

/** Passes runs on as they are made. */
function* collected(runs: Iterable<StoredRun>, add: (run: StoredRun) => void): Generator<StoredRun> {
  for (const run of runs) {
    add(run);
    yield run;
  }
}
