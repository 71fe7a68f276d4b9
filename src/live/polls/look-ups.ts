import { UpstreamError } from '../../errors/upstream-error.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { Findings } from '../events/changes.ts';
import { fingerprintIn, type Snapshot } from '../snapshots/snapshot.ts';
import { digestOf, type Run } from '../watched-run.ts';

/** Requests that cursors may cause at most, in one poll and for one reader. */
export const MAX_LOOK_UP_REQUESTS = 300;

/** Rows that are read at most for a watcher that has fallen behind. */
export const MAX_ROWS_BEHIND = 5_000;

/** Charges an account for requests before they are made. @returns why it can't pay them; undefined if it has */
export type Charge = (requests: number) => Promise<Error | undefined>;

/** What one poll spends on what cursors say. It may be made up, so it is bounded, and paid ahead. */
export class Bill {
  readonly #charge: Charge | undefined;
  readonly #own: Snapshot | undefined;
  #left = MAX_LOOK_UP_REQUESTS;
  /** Why the account could not pay; nothing is charged after that. */
  refusal: Error | undefined;

  /** @param charge undefined if nothing is charged @param own what the poller knows itself, which is free */
  constructor(charge: Charge | undefined, own: Snapshot | undefined) {
    this.#charge = charge;
    this.#own = own;
  }

  /** What it takes to look up runs. */
  costOf(ids: readonly string[]): LookUps {
    const own = this.#own;
    const free = ids.filter((id) => own && fingerprintIn(own, id)).length;
    return { ids, requests: 2 * ids.length - free, free };
  }

  /** @param free how many of the requests no cursor has caused @returns whether they may be made */
  async pays(requests: number, free = 0): Promise<boolean> {
    if (requests > this.#left) return false;
    if (requests > free) this.refusal ??= await this.#charge?.(requests - free);
    if (requests > free && this.refusal !== undefined) return false;
    this.#left -= requests;
    return true;
  }
}

/** Runs to look up. */
interface LookUps {
  readonly ids: readonly string[];
  /** Two for each run, which count as one for those that no cursor has named: those are `free`. */
  readonly requests: number;
  readonly free: number;
}

/** Returns the known runs of a snapshot of which it isn't known what became of them. */
export function missingIn(
  { known, slow }: Snapshot,
  { byId, isFull, hasAllActive, ended, wasActive }: Findings,
): readonly string[] {
  const isRead = (id: string): boolean => isFull || (hasAllActive && wasActive.has(id));
  const expected = [...known.keys(), ...slow.keys().filter(isRead)];
  return expected.filter((id) => !byId.has(id) && !ended.has(id));
}

/**
 * Returns known runs to look up, as far as they are paid. The readers that need few come first, so that the
 * cursor of one, which may be forged, costs others no events.
 */
export async function affordable(
  snapshots: Iterable<Snapshot>,
  findings: Findings,
  bill: Bill,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  const needs = [...snapshots]
    .map((snapshot) => bill.costOf(missingIn(snapshot, findings)))
    .filter(({ requests }) => requests > 0 && requests <= MAX_LOOK_UP_REQUESTS);
  for (const need of needs.toSorted((a, b) => a.ids.length - b.ids.length)) {
    const more = bill.costOf(need.ids.filter((id) => !ids.has(id)));
    if (await bill.pays(more.requests, more.free)) for (const id of more.ids) ids.add(id);
  }
  return [...ids];
}

/** Whether a snapshot has a run that has stopped as it no longer is, or when it could still change. */
export function isNewsTo(snapshots: Iterable<Snapshot>, run: Run): boolean {
  return Iterator.from(snapshots).some((snapshot) => {
    const before = fingerprintIn(snapshot, run.id);
    return before !== undefined && (before.isLate || before.digest !== digestOf(run));
  });
}

/** Looks up a run as lists have it: where they show durations, with the one from its metrics, if there is one. */
export async function lookUp(id: string, runs: RunsSource): Promise<Run | null> {
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
