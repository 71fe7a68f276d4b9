import type { RunsSource } from '../../runs/runs-source.ts';
import type { Caller } from './caller-requests.ts';
import { CallerRuns } from './caller-runs.ts';
import { SharedUpstream } from './shared-upstream.ts';

/** The runs API at one URL. */
export class RunsUpstream extends SharedUpstream {
  /** Returns the runs that this caller may see. */
  forCaller(caller: Caller): RunsSource {
    return new CallerRuns(this, caller);
  }
}
