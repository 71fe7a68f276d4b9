import { setImmediate as nextTurn } from 'node:timers/promises';
import { comparePositions } from '../../lists/position.ts';
import type { Run } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/source.ts';
import { Batch } from '../events/batch.ts';
import { changesSince, isAfter } from '../events/changes.ts';
import { behindStart, latestOf } from '../events/latest.ts';
import type { ListEvent } from '../events/list-event.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import { digestOf, type Snapshot, fingerprintIn } from '../snapshots/snapshot.ts';
import { tooFarBehind } from '../streams/errors.ts';
import type { Polled } from '../streams/hub.ts';
import { Bill, type Charge, MAX_LOOK_UP_REQUESTS, MAX_ROWS_BEHIND } from './bill.ts';
import {
  affordable,
  basesOf,
  isBehind,
  isNewsTo,
  isWhole,
  type ListReader,
  lookUpCost,
  lowestOf,
  missingRuns,
  snapshotOf,
  withCursorsRuns,
} from './look-ups.ts';
import { RememberedMembership } from './membership.ts';
import { newestIn, type NewestRun } from './newest-run.ts';
import { isWatched, type Observation, observe, withFound } from './observation.ts';
import { isActive } from './run-states.ts';
import { asListed, fixedFilter, type ListSelection } from './selection.ts';
import { hasStoppedLately, lateCost, StoppedRuns } from './stopped-runs.ts';

/**
 * Milliseconds between polls that read all runs that have not ended, also the old ones, and bring those up
 * to date who have fallen behind and not read their events.
 */
const FULL_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;
/** Milliseconds after the last change after which only the newest run is asked for, between full polls. */
const QUIET_MS = 10_000;
/** Milliseconds of work from which on others get their turn. */
const PIECE_MS = 10;

export interface ListPollerOptions {
  readonly runs: RunsSource;
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
 * Polls one list for its readers. Each of them gets the changes since what it has seen itself: those that
 * have read everything share one batch; whoever is slow gets the latest state of each run in one event.
 */
export class ListPoller implements Polled<ListReader, ListEvent> {
  readonly isOver = false;
  readonly #options: ListPollerOptions;
  readonly #membership: RememberedMembership;
  readonly #stopped: StoppedRuns;
  #latest: Snapshot | undefined;
  /** What became of known runs of readers who have not been told of it yet: they are looked up once. */
  #ended: ReadonlyMap<string, Run | null> = new Map();
  #fullAt = -Infinity;
  #busyAt: number;
  #slowActive: ReadonlySet<string> = new Set();
  #fresh = { createdAt: '', id: '' };
  #expected = { recent: 0, active: 0 };
  /** Digests of the newest run of the list, and of the caller's, as of the last poll. */
  #newest: number | null = null;
  #callersNewest: number | null | undefined;

  constructor(options: ListPollerOptions) {
    this.#options = options;
    this.#membership = new RememberedMembership(options.selection);
    this.#stopped = new StoppedRuns(options.now);
    this.#busyAt = options.now();
  }

  next(reader: ListReader): { readonly event: ListEvent } | undefined {
    const { batch } = reader;
    if (batch === undefined) return undefined;
    const event = batch.event(reader.read);
    reader.read += 1;
    if (reader.read === batch.size) {
      reader.snapshot = batch.to;
      reader.batch = undefined;
    }
    return { event };
  }

  /** Undefined if it has only come. */
  cursorOf(reader: ListReader): string | undefined {
    const snapshot = snapshotOf(reader);
    return snapshot && encodeSnapshot(snapshot, this.#options.key);
  }

  /** Polls once, and gives each reader what is new for it. @throws UpstreamError, VanishedPositionError */
  async poll(readers: ReadonlySet<ListReader>) {
    const now = this.#options.now();
    const isForAll = now - this.#fullAt >= FULL_MS;
    const takesPart = (reader: ListReader): boolean => {
      const snapshot = snapshotOf(reader);
      return snapshot === undefined || this.#isCurrent(snapshot);
    };
    const isFull =
      isForAll || [...readers].some((reader) => reader.batch === undefined && !takesPart(reader));
    const mayBeQuiet = !isFull && now - this.#busyAt >= QUIET_MS && this.#stopped.isEmpty;
    if (mayBeQuiet && (await this.#isQuiet(readers))) {
      return { isBusy: false, lost: new Map<ListReader, Error>() };
    }
    const lost = new Map<ListReader, Error>();
    const present = new Set([...readers].filter((reader) => isFull || takesPart(reader)));
    this.#callersNewest = this.#options.newest.last;
    const bill = new Bill(this.#options.charge ?? (async () => undefined));
    let observation = await this.#observe(present, isFull, isForAll, bill);
    if (isFull) await this.#expand(present, observation, lost);
    const before = this.#latest;
    let hasLookedUp = false;
    const bases = basesOf(present);
    this.#stopped.forget(
      (id) => observation.byId.has(id) || bases.values().some((base) => fingerprintIn(base, id)),
    );
    await this.#watch(observation.rows, bases, bill, now);
    observation = this.#withStopped(observation);
    const ended = new Map([...this.#ended].filter(([id]) => !observation.byId.has(id)));
    // While runs are looked up, readers go on reading, and know others.
    for (;;) {
      const findings = { observation, ended, slowActive: this.#slowActive };
      const missing = await affordable(basesOf(present), findings, before, bill);
      if (missing.length === 0) break;
      hasLookedUp ||= missing.some((id) => !this.#stopped.has(id));
      const runs = await Promise.all(missing.map((id) => this.#find(id)));
      for (const [index, id] of missing.entries()) {
        const run = runs[index] ?? null;
        ended.set(id, run);
        if (run === null) this.#stopped.remove(id);
      }
      const found = runs.filter((run) => run !== null);
      await this.#watch(found, basesOf(present), bill, now);
      observation = withFound(
        observation,
        found.filter((run) => isWatched(run, observation) || this.#stopped.has(run.id)),
      );
    }
    for (const id of observation.byId.keys()) ended.delete(id);
    const hasChanged =
      before !== undefined && changesSince(before, observation, ended, this.#membership).length > 0;
    this.#give(present, observation, ended, isForAll, bill, lost);
    this.#remember(present, observation, ended);
    const isLively = observation.rows.some((run) => isActive(run) && isAfter(run, observation.fresh));
    const isBusy = hasChanged || isLively || hasLookedUp || this.#stopped.isBusy;
    if (isBusy) this.#busyAt = now;
    if (isFull) this.#fullAt = now;
    return { isBusy, lost };
  }

  /** Whether a reader knows the runs that only full polls read as they were at the last one. */
  #isCurrent(snapshot: Snapshot): boolean {
    return isWhole(snapshot) && snapshot.slow === this.#latest?.slow;
  }

  /** Whether no run is newer than at the last poll; that is all that is asked. */
  async #isQuiet(readers: ReadonlySet<ListReader>): Promise<boolean> {
    const { runs, selection, newest, now, idleMs } = this.#options;
    if ([...readers].some(({ snapshot }) => snapshot === undefined)) return false;
    const callersNewest = await newest.read(runs, now, idleMs / 2);
    if (callersNewest === this.#callersNewest) return true;
    const filter = fixedFilter(selection);
    if (Object.keys(filter).length === 0 || (await newestIn(runs, filter)) !== this.#newest) return false;
    this.#callersNewest = callersNewest;
    return true;
  }

  /** Watches those that have stopped. @param askedAt a time before they were asked for */
  async #watch(
    runs: readonly Run[],
    bases: ReadonlySet<Snapshot>,
    bill: Bill,
    askedAt: number,
  ): Promise<void> {
    const claimed: Run[] = [];
    for (const run of runs) {
      this.#stopped.update(run, askedAt, () => {
        const own = this.#latest && fingerprintIn(this.#latest, run.id);
        if (own === undefined ? hasStoppedLately(run, askedAt) : own.digest !== digestOf(run)) return true;
        if (isNewsTo(bases, run)) claimed.push(run);
        return false;
      });
    }
    // What a cursor says may be forged, so it has a price.
    for (const run of claimed) {
      if (await bill.pays(lateCost(run))) this.#stopped.update(run, askedAt, () => true);
    }
  }

  async #observe(
    readers: ReadonlySet<ListReader>,
    isFull: boolean,
    isForAll: boolean,
    bill: Bill,
  ): Promise<Observation> {
    const { runs, selection, now } = this.#options;
    const own = this.#latest?.watermark;
    if (isFull) this.#fresh = { createdAt: instantAt(now() - STALE_MS), id: '' };
    return observe({
      runs,
      filter: fixedFilter(selection),
      floor: lowestOf(basesOf([...readers].filter(({ batch }) => batch === undefined || isForAll))),
      expected: this.#expected,
      // So far it reads back for itself.
      mayReadOn: async (oldest) =>
        own === null || (own !== undefined && comparePositions(oldest, own) > 0) || bill.pays(1),
      maxRows: MAX_ROWS_BEHIND,
      isFull,
      fresh: this.#fresh,
    });
  }

  /** Adds the runs that have stopped and can still change, and that lists don't bring. */
  #withStopped(observation: Observation): Observation {
    const { byId, floor } = observation;
    return withFound(
      observation,
      this.#stopped.runs.filter((run) => !byId.has(run.id) && !isAfter(run, floor)),
    );
  }

  /** Completes what those know who come with a cursor, in pieces: very many long cursors take seconds. */
  async #expand(
    present: Set<ListReader>,
    observation: Observation,
    lost: Map<ListReader, Error>,
  ): Promise<void> {
    const { now } = this.#options;
    let since = now();
    for (const reader of present) {
      if (reader.batch !== undefined || reader.snapshot === undefined || isWhole(reader.snapshot)) continue;
      if (now() - since >= PIECE_MS) {
        await nextTurn();
        since = now();
      }
      const snapshot = withCursorsRuns(reader.snapshot, observation, this.#membership);
      if (snapshot !== undefined) reader.snapshot = snapshot;
      else {
        lost.set(reader, tooFarBehind());
        present.delete(reader);
      }
    }
  }

  async #find(id: string): Promise<Run | null> {
    const { runs } = this.#options;
    const run = await runs.retrieve(id);
    return run && asListed(run, runs);
  }

  #give(
    readers: ReadonlySet<ListReader>,
    observation: Observation,
    ended: ReadonlyMap<string, Run | null>,
    isForAll: boolean,
    { refusal }: Bill,
    lost: Map<ListReader, Error>,
  ): void {
    const { key } = this.#options;
    const membership = this.#membership;
    const before = this.#latest;
    const slow = before?.slow ?? new Map();
    const to = latestOf({
      observation,
      membership,
      isLate: (id) => this.#stopped.has(id),
      slow,
      ended,
    });
    this.#latest = to;
    const shared = new Map<Snapshot, { readonly batch: Batch | undefined; readonly to: Snapshot }>();
    const missing = new Map<Snapshot, ReturnType<typeof lookUpCost>>();
    const findings = { observation, ended, slowActive: this.#slowActive };
    for (const reader of readers) {
      const from = snapshotOf(reader);
      if (from === undefined) {
        reader.snapshot = to;
        continue;
      }
      // It has read on meanwhile, and is given the rest by a full poll.
      if (!observation.isFull && from.slow !== slow) continue;
      if (isBehind(from, observation)) {
        if (reader.batch === undefined || (isForAll && !refusal)) lost.set(reader, refusal ?? tooFarBehind());
        continue;
      }
      if (!missing.has(from)) missing.set(from, lookUpCost(missingRuns(from, findings), before));
      const { requests, free } = missing.get(from) ?? { requests: 0, free: 0 };
      if (requests > MAX_LOOK_UP_REQUESTS) lost.set(reader, tooFarBehind());
      else if (requests > free && refusal) lost.set(reader, refusal);
      // Otherwise it is its turn in a later poll.
      if (requests > 0) continue;
      if (!shared.has(from)) {
        const changes = changesSince(from, observation, ended, membership);
        const own = behindStart(to, from, changes, observation);
        const batch = new Batch({ from, to: own, changes, observation, membership, key });
        shared.set(from, { batch: batch.size === 0 ? undefined : batch, to: own });
      }
      const next = shared.get(from);
      reader.batch = next?.batch;
      reader.read = 0;
      reader.snapshot = next?.batch === undefined ? next?.to : from;
    }
  }

  /** Keeps what the next polls need. */
  #remember(
    readers: ReadonlySet<ListReader>,
    observation: Observation,
    ended: ReadonlyMap<string, Run | null>,
  ): void {
    const { rows, floor, fresh, hasAllActive } = observation;
    for (const run of ended.values()) if (run !== null) this.#membership.forget(run);
    for (const run of rows)
      if (this.#latest && !fingerprintIn(this.#latest, run.id)) this.#membership.forget(run);
    const isKnown = new Set(
      basesOf(readers)
        .values()
        .flatMap(({ known, slow }) => [...known.keys(), ...slow.keys()]),
    );
    this.#ended = new Map([...ended].filter(([id]) => isKnown.has(id)));
    const watermark = this.#latest?.watermark ?? floor;
    this.#expected = {
      recent: rows.filter((run) => isAfter(run, watermark)).length,
      active: rows.filter((run) => isActive(run) && isAfter(run, fresh)).length,
    };
    if (hasAllActive) {
      const slow = this.#latest?.slow;
      this.#slowActive = new Set(
        rows.filter((run) => isActive(run) && slow?.has(run.id)).map(({ id }) => id),
      );
    }
    const newest = rows.at(-1);
    this.#newest = newest === undefined ? null : digestOf(newest);
  }
}

function instantAt(time: number): string {
  return new Date(time).toISOString().replace('Z', '000');
}
