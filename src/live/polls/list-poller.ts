import { comparePositions } from '../../lists/position.ts';
import { fixedFilters } from '../../runs/run-filters.ts';
import type { RunsSource } from '../../runs/source.ts';
import type { ListEvent } from '../events/batch.ts';
import { changesSince, type Findings } from '../events/changes.ts';
import { latestOf } from '../events/latest.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import { compareBounds, fingerprintIn, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import type { Polled } from '../streams/hub.ts';
import { digestOf, hasStoppedLately, isActive, type Run } from '../watched-run.ts';
import { expand, isWhole } from './expand.ts';
import { deliver, type ListReader, type Poll, readNext, snapshotOf, snapshotsOf } from './list-readers.ts';
import { affordable, Bill, type Charge, isNewsTo, lookUp } from './look-ups.ts';
import { type ListSelection, Membership } from './membership.ts';
import { newestIn, type NewestRun } from './newest-run.ts';
import { isWatched, type Observation, observe, withFound } from './observation.ts';
import { lateCost, StoppedRuns } from './stopped-runs.ts';

/**
 * Milliseconds between polls that read all runs that have not ended, also the old ones, and bring those up
 * to date who have fallen behind and not read their events.
 */
const FULL_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;
/** Milliseconds after the last change after which only the newest run is asked for, between full polls. */
const QUIET_MS = 10_000;

export interface ListPollerOptions {
  /** Opens the runs for one poll. */
  readonly open: () => RunsSource;
  readonly selection: ListSelection;
  /** Of the selection. */
  readonly key: string;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
  /** What the idle lists of its caller share. */
  readonly newest: NewestRun;
  /** For requests that cursors cause. @default for nothing */
  readonly charge?: Charge | undefined;
  /** Milliseconds between polls while nothing happens. */
  readonly idleMs: number;
}

/**
 * Polls one list for its readers. Each of them gets the changes since its own snapshot: those that have read
 * everything share one batch; a slow one gets the latest state of each run in one event.
 */
export class ListPoller implements Polled<ListReader, ListEvent> {
  readonly isOver = false;
  readonly next = readNext;
  readonly #options: ListPollerOptions;
  /** Those of the poll that is under way. */
  #runs: RunsSource;
  readonly #membership: Membership;
  readonly #stopped: StoppedRuns;
  /** The snapshot of a reader that has read everything. */
  #latest: Snapshot | undefined;
  /** What became of runs that readers know, and that are read no more: they are looked up once. */
  #ended: ReadonlyMap<string, Run | null> = new Map();
  #fullAt = -Infinity;
  #busyAt: number;
  /** All runs that were active when all of those were read last. */
  #wasActive: ReadonlySet<string> = new Set();
  #fresh = { key: '', id: '' };
  #expected = { recent: 0, active: 0 };
  /** Digests of the newest run of the list, and of the caller's, as of the last poll. */
  #newest: number | null = null;
  #callersNewest: number | null | undefined;

  constructor(options: ListPollerOptions) {
    this.#options = options;
    this.#runs = options.open();
    this.#membership = new Membership(options.selection);
    this.#stopped = new StoppedRuns(options.now);
    this.#busyAt = options.now();
  }

  /** Undefined if it has only come. */
  cursorOf(reader: ListReader): string | undefined {
    const snapshot = snapshotOf(reader);
    return snapshot && encodeSnapshot(snapshot, this.#options.key);
  }

  /** Polls once, and gives each reader what is new for it. @throws UpstreamError, VanishedPositionError */
  async poll(readers: ReadonlySet<ListReader>) {
    this.#runs = this.#options.open();
    const poll = this.#begin(readers);
    const { startedAt, isFull, lost } = poll;
    const mayBeQuiet = !isFull && startedAt - this.#busyAt >= QUIET_MS && this.#stopped.size === 0;
    if (mayBeQuiet && (await this.#isQuiet(readers))) return { isBusy: false, lost };
    this.#callersNewest = this.#options.newest.last;
    const findings = await this.#find(poll, await this.#observe(poll));
    const before = this.#latest;
    const hasChanged = before !== undefined && changesSince(before, findings).length > 0;
    const latest = latestOf(findings, before?.slow ?? new Map(), (id) => this.#stopped.has(id));
    deliver(poll, findings, { before, latest, filterKey: this.#options.key });
    this.#remember(poll.readers, findings, latest);
    const isLively = findings.rows.some((run) => isActive(run) && isAfter(run, findings.fresh));
    const isBusy = hasChanged || isLively || poll.hasLookedUp || this.#stopped.isBusy;
    if (isBusy) this.#busyAt = startedAt;
    if (isFull) this.#fullAt = startedAt;
    return { isBusy, lost };
  }

  #begin(readers: ReadonlySet<ListReader>): Poll {
    const startedAt = this.#options.now();
    const isForAll = startedAt - this.#fullAt >= FULL_MS;
    /** Whether a reader knows the runs that only full polls read as they were at the last one. */
    const isCurrent = (reader: ListReader): boolean => {
      const snapshot = snapshotOf(reader);
      return snapshot === undefined || (isWhole(snapshot) && snapshot.slow === this.#latest?.slow);
    };
    const isFull = isForAll || [...readers].some((reader) => !reader.batch && !isCurrent(reader));
    return {
      startedAt,
      isFull,
      isForAll,
      readers: new Set(isFull ? readers : [...readers].filter(isCurrent)),
      lost: new Map(),
      bill: new Bill(this.#options.charge, this.#latest),
      hasLookedUp: false,
    };
  }

  /** Whether no run is newer than at the last poll; that is all that is asked. */
  async #isQuiet(readers: ReadonlySet<ListReader>): Promise<boolean> {
    const { selection, newest, now, idleMs } = this.#options;
    const runs = this.#runs;
    if ([...readers].some(({ snapshot }) => snapshot === undefined)) return false;
    const callersNewest = await newest.read(runs, now, idleMs / 2);
    if (callersNewest === this.#callersNewest) return true;
    const filter = fixedFilters(selection.filter);
    if (Object.keys(filter).length === 0 || (await newestIn(runs, filter)) !== this.#newest) return false;
    this.#callersNewest = callersNewest;
    return true;
  }

  /** Reads what can be left to the upstream, which the filters that no run comes to match, or ceases to, select. */
  async #observe({ readers, isFull, isForAll, bill, lost }: Poll): Promise<Observation> {
    const { selection, now } = this.#options;
    const own = this.#latest?.watermark;
    if (isFull) this.#fresh = { key: instantAt(now() - STALE_MS), id: '' };
    const served = [...readers].filter(({ batch }) => batch === undefined || isForAll);
    const [floor] = [...snapshotsOf(served)].map(({ watermark }) => watermark).toSorted(compareBounds);
    const observation = await observe({
      runs: this.#runs,
      filter: fixedFilters(selection.filter),
      floor,
      expected: this.#expected,
      // So far it reads back for itself.
      mayReadOn: async (oldest) =>
        own === null || (own !== undefined && comparePositions(oldest, own) > 0) || bill.pays(1),
      isFull,
      fresh: this.#fresh,
    });
    const tooOld = isFull ? await expand(readers, observation, this.#membership, now) : [];
    for (const reader of tooOld) {
      lost.set(reader, tooFarBehind());
      readers.delete(reader);
    }
    return observation;
  }

  /** Adds what became of the runs that readers know, and that were not observed. */
  async #find(poll: Poll, observed: Observation): Promise<Findings> {
    const { readers, bill, startedAt } = poll;
    const runs = this.#runs;
    const stopped = this.#stopped;
    const snapshots = snapshotsOf(readers);
    stopped.forget(
      (id) => observed.byId.has(id) || snapshots.values().some((each) => fingerprintIn(each, id)),
    );
    await this.#watch(observed.rows, snapshots, bill, startedAt);
    let observation = withFound(
      observed,
      stopped.runs.filter((run) => !observed.byId.has(run.id) && !isAfter(run, observed.floor)),
    );
    const ended = new Map([...this.#ended].filter(([id]) => !observation.byId.has(id)));
    const findings = (): Findings => ({
      ...observation,
      ended,
      membership: this.#membership,
      wasActive: this.#wasActive,
    });
    // While runs are looked up, readers go on reading, and know others.
    for (;;) {
      const missing = await affordable(snapshotsOf(readers), findings(), bill);
      if (missing.length === 0) break;
      poll.hasLookedUp ||= missing.some((id) => !stopped.has(id));
      const results = await Promise.all(missing.map((id) => lookUp(id, runs)));
      for (const [index, id] of missing.entries()) {
        const run = results[index] ?? null;
        ended.set(id, run);
        if (run === null) stopped.remove(id);
      }
      const found = results.filter((run) => run !== null);
      await this.#watch(found, snapshotsOf(readers), bill, startedAt);
      const isListed = (run: Run): boolean => isWatched(run, observation) || stopped.has(run.id);
      observation = withFound(observation, found.filter(isListed));
    }
    for (const id of observation.byId.keys()) ended.delete(id);
    return findings();
  }

  /** Watches those that have stopped. @param askedAt a time before they were asked for */
  async #watch(
    runs: readonly Run[],
    snapshots: ReadonlySet<Snapshot>,
    bill: Bill,
    askedAt: number,
  ): Promise<void> {
    const claimed: Run[] = [];
    for (const run of runs) {
      this.#stopped.update(run, askedAt, () => {
        const own = this.#latest && fingerprintIn(this.#latest, run.id);
        if (own === undefined ? hasStoppedLately(run, askedAt) : own.digest !== digestOf(run)) return true;
        if (isNewsTo(snapshots, run)) claimed.push(run);
        return false;
      });
    }
    // What a cursor says may be forged, so it has a price.
    for (const run of claimed) {
      if (await bill.pays(lateCost(run))) this.#stopped.update(run, askedAt, () => true);
    }
  }

  /** Keeps what the next polls need. */
  #remember(readers: ReadonlySet<ListReader>, findings: Findings, latest: Snapshot): void {
    const { rows, ended, fresh, hasAllActive } = findings;
    this.#latest = latest;
    for (const run of ended.values()) if (run !== null) this.#membership.forget(run);
    for (const run of rows) if (!fingerprintIn(latest, run.id)) this.#membership.forget(run);
    const snapshots = snapshotsOf(readers);
    this.#ended = new Map(
      [...ended].filter(([id]) => snapshots.values().some((each) => fingerprintIn(each, id))),
    );
    const active = rows.filter(isActive);
    this.#expected = {
      recent: rows.filter((run) => isAfter(run, latest.watermark)).length,
      active: active.filter((run) => isAfter(run, fresh)).length,
    };
    if (hasAllActive) this.#wasActive = new Set(active.map(({ id }) => id));
    const newest = rows.at(-1);
    this.#newest = newest === undefined ? null : digestOf(newest);
  }
}

function instantAt(time: number): string {
  return new Date(time).toISOString().replace('Z', '000');
}
