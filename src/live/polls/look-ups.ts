import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { Findings } from '../snapshots/changes.ts';
import { type Fingerprints, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import { digestOf, hasStoppedLately } from '../watched-run.ts';
import { isWatched, type Observation, withRows } from './observation.ts';
import type { StoppedRuns } from './stopped-runs.ts';

/** Runs that are looked up in one poll: of those that the poller knows, and of those that only cursors name. */
const MAX_OWN_LOOK_UPS = 100;
const MAX_CLAIMED_LOOK_UPS = 25;
/** A run, and its metrics. */
const LOOK_UP_REQUESTS = 2;

export interface FindOutOptions {
  readonly runs: RunsSource;
  /** A time before anything was asked for. */
  readonly startedAt: number;
  /** What the poller knows by itself. */
  readonly own: Fingerprints;
  readonly stopped: StoppedRuns;
  /** What the readers have received that are served. A cursor may be forged. */
  readonly claims: readonly Snapshot[];
  /** Pays for requests that claims cause. @returns whether they are paid; if not, they are for a later poll */
  readonly pay: (requests: number) => Promise<boolean>;
}

/**
 * Adds what became of the runs that readers know, and that were not observed, as far as there is room for it in one
 * poll and it is paid for. The others are for later polls.
 */
export async function findOut(
  observed: Observation,
  options: FindOutOptions,
): Promise<Pick<Findings, 'ended'> & Observation & { readonly hasLookedUp: boolean }> {
  const { runs, stopped, own, claims, pay } = options;
  for (const run of observed.rows) watchStopped(run, options);
  // Those after the floor would have been read.
  const unread = stopped.runs.filter((run) => !isAfter(run, observed.floor) && !observed.byId.has(run.id));
  const observation = withRows([...observed.rows, ...unread], observed);
  const { isFull } = observation;
  const isMissing = (id: string): boolean => !observation.byId.has(id);
  const ids = [...own]
    .filter(([id, { reason }]) => isMissing(id) && (isFull || (reason !== 'stale' && reason !== 'waiting')))
    .slice(0, MAX_OWN_LOOK_UPS)
    .map(([id]) => id);
  const claimed = claims
    .filter(({ known }) => known !== own)
    .flatMap(({ known }) => [...known.keys()].filter((id) => isMissing(id) && !own.has(id)));
  for (const id of [...new Set(claimed)].slice(0, MAX_CLAIMED_LOOK_UPS)) {
    if (!(await pay(LOOK_UP_REQUESTS))) break;
    ids.push(id);
  }
  const ended = new Map<string, Run | null>();
  const found: Run[] = [];
  for (const [id, run] of await Promise.all(
    ids.map(async (each) => [each, await lookUp(each, runs)] as const),
  )) {
    if (run === null) stopped.remove(id);
    else watchStopped(run, options);
    if (run !== null && (isWatched(run, observation) || stopped.has(id))) found.push(run);
    else ended.set(id, run);
  }
  return { ...withRows([...observation.rows, ...found], observation), ended, hasLookedUp: ids.length > 0 };
}

/** Watches a run that has stopped, if it has just stopped as far as is known. */
function watchStopped(run: Run, { own, claims, stopped, startedAt }: FindOutOptions): void {
  stopped.update(run, startedAt, () => {
    const before = own.get(run.id);
    if (before !== undefined) return before.digest !== digestOf(run);
    return hasStoppedLately(run, startedAt) || claims.some(({ known }) => isNewsTo(known, run));
  });
}

/** Whether a run has stopped that a reader knows otherwise, or as one that could still change. */
function isNewsTo(known: Fingerprints, run: Run): boolean {
  const before = known.get(run.id);
  return before !== undefined && (before.reason === 'late' || before.digest !== digestOf(run));
}

/** Looks up a run as lists have it: where they show durations, with the one from its metrics, if there is one. */
async function lookUp(id: string, runs: RunsSource): Promise<Run | null> {
  const run = await runs.retrieve('run', id);
  if (run === null || (await runs.listsDurations())) return run && measured(run, runs);
  return { ...run, isDurationMeasured: true };
}

/** Returns one run with the duration from its metrics, if there is one. */
export async function measured(run: Run, runs: Pick<RunsSource, 'retrieve'>): Promise<Run> {
  const metrics = await runs.retrieve('metrics', run.id).catch(withoutMetrics);
  return { ...run, totalDurationNs: metrics?.durationNs ?? run.totalDurationNs, isDurationMeasured: true };
}

/** One run whose metrics fail must not end the events of all; it is looked up again. */
function withoutMetrics(error: unknown): null {
  if (error instanceof UpstreamError && error.code !== 'RATE_LIMITED') return null;
  throw error;
}
