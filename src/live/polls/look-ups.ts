import { UpstreamError } from '../../errors/upstream-error.ts';
import { hasStoppedLately, isActive } from '../../runs/run-state.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { digestOf } from '../digests.ts';
import { unreadOf } from '../snapshots/advance.ts';
import type { LookedUp } from '../snapshots/changes.ts';
import { compareBounds, type Fingerprints, isAfter } from '../snapshots/snapshot.ts';
import { isWatched, type Observation, withRows } from './observe.ts';
import type { StoppedRuns } from './stopped-runs.ts';

/** The most look-ups in one poll: of runs that the poller watches, and of runs that only cursors name. */
const MAX_WATCHED_LOOK_UPS = 100;
const MAX_CURSOR_LOOK_UPS = 25;
/** Requests of a look-up: a run, and its metrics. */
const LOOK_UP_REQUESTS = 2;

export interface LookUpOptions {
  readonly runs: RunsSource;
  /** When the poll began: by `Date.now()`, and by `performance.now()`. */
  readonly startedAt: number;
  readonly polledAt: number;
  /** The fingerprints of the runs that the poller watches. */
  readonly watched: Fingerprints;
  readonly stopped: StoppedRuns;
  /** The fingerprints that readers have received; those of cursors may be forged. */
  readonly received: readonly Fingerprints[];
  /** Pays for requests that cursors cause. @returns whether they are paid; if not, a later poll may send them */
  readonly pay: (requests: number) => Promise<boolean>;
}

/** Looks up the runs that readers have received and that this poll hasn't read; the rest is left to later polls. */
export async function lookUpUnread(observed: Observation, options: LookUpOptions): Promise<LookedUp> {
  const { runs, polledAt, stopped, watched, received, pay } = options;
  for (const run of observed.rows) watchStopped(run, options);
  // A run after `completeFrom` would have been read if it were in the list.
  const unread = stopped
    .waiting(polledAt)
    .filter((run) => !isAfter(run, observed.completeFrom) && !observed.byId.has(run.id));
  const observation = withRows([...observed.rows, ...unread], observed);
  const { isFull, livelyFrom } = observation;
  const ids = unreadOf(watched, observation)
    .filter(([, { isLate, position }]) => isFull || isLate || compareBounds(position, livelyFrom) >= 0)
    .slice(0, MAX_WATCHED_LOOK_UPS)
    .map(([id]) => id);
  const onlyReceived = received
    .filter((fingerprints) => fingerprints !== watched)
    .flatMap((fingerprints) => unreadOf(fingerprints, observation))
    .flatMap(([id]) => (watched.has(id) ? [] : id));
  for (const id of [...new Set(onlyReceived)].slice(0, MAX_CURSOR_LOOK_UPS)) {
    if (!(await pay(LOOK_UP_REQUESTS))) break;
    ids.push(id);
  }
  const unwatched = new Map<string, Run | null>();
  const found: Run[] = [];
  for (const [id, run] of await Promise.all(
    ids.map(async (each) => [each, await lookUp(each, runs)] as const),
  )) {
    if (run === null) stopped.remove(id);
    else watchStopped(run, options);
    if (run !== null && (isWatched(run, observation.watchedFrom) || stopped.has(id, polledAt)))
      found.push(run);
    else unwatched.set(id, run);
  }
  return {
    ...withRows([...observation.rows, ...found], observation),
    unwatched,
    hasLookedUp: ids.length > 0,
  };
}

/** Lets a run that has just stopped be watched for its duration. */
function watchStopped(run: Run, { watched, received, stopped, startedAt }: LookUpOptions): void {
  stopped.update(run, () => {
    const before = watched.get(run.id);
    if (before !== undefined) return before.digest !== digestOf(run);
    return hasStoppedLately(run, startedAt) || received.some((fingerprints) => isNewsTo(fingerprints, run));
  });
}

/** Whether a reader has received a stopped run in another state, or while it could still change. */
function isNewsTo(fingerprints: Fingerprints, run: Run): boolean {
  const before = fingerprints.get(run.id);
  return before !== undefined && (before.isLate || before.digest !== digestOf(run));
}

/** Looks up a run as lists have it: with the duration from its metrics, unless lists show no durations. */
async function lookUp(id: string, runs: RunsSource): Promise<Run | null> {
  const run = await runs.retrieve('run', id);
  if (run === null || (await runs.listsDurations())) return run && withMeasuredDuration(run, runs);
  return { ...run, hasDurationOfLists: true };
}

/** Returns one run with the duration from its metrics, if there is one; an active run has none yet. */
export async function withMeasuredDuration(run: Run, runs: Pick<RunsSource, 'retrieve'>): Promise<Run> {
  const metrics = isActive(run) ? null : await runs.retrieve('metrics', run.id).catch(withoutMetrics);
  return { ...run, totalDurationNs: metrics?.durationNs ?? run.totalDurationNs, hasDurationOfLists: true };
}

/** A failure of the metrics of one run must not end all streams: the run is looked up again. */
function withoutMetrics(error: unknown): null {
  if (error instanceof UpstreamError && error.code !== 'RATE_LIMITED') return null;
  throw error;
}
