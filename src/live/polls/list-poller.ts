import { heldTooMuch } from '../../errors/gateway-error.ts';
import { isSelected, type RunFilter } from '../../runs/run-filters.ts';
import { fixedFilters } from '../../runs/run-list.ts';
import { isActive } from '../../runs/run-state.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import type { HeldMemory } from '../../scheduling/held-memory.ts';
import { latestOf } from '../snapshots/advance.ts';
import { changesSince, type Findings } from '../snapshots/changes.ts';
import type { ListEvent } from '../snapshots/event-batch.ts';
import { encodeSnapshot } from '../snapshots/resume-cursor.ts';
import {
  compareBounds,
  type Fingerprints,
  fingerprintsOf,
  isAfter,
  isResume,
  type Snapshot,
} from '../snapshots/snapshot.ts';
import type { Polled } from '../streams/shared-poller.ts';
import { tooFarBehind } from '../streams/stream-errors.ts';
import { lookUpUnread } from './look-ups.ts';
import type { NewestRun } from './newest-run.ts';
import { type Observation, observe } from './observe.ts';
import { type ListState, planPoll, type Poll } from './plan-poll.ts';
import { bySnapshot, bytesOf, type ListReader, readerFrom, readNext, receivedBy } from './reader-state.ts';
import { StoppedRuns } from './stopped-runs.ts';

export interface ListPollerOptions {
  /** Opens the runs for one poll; the memory counts its responses. */
  readonly open: (rows: HeldMemory) => RunsSource;
  readonly filter: RunFilter;
  readonly key: string;
  /** The newest run of the caller, read once for all idle lists of the caller. */
  readonly newest: NewestRun;
  /** Pays for requests that cursors cause, which may be forged. @returns whether they are paid */
  readonly payFor: (requests: number) => Promise<boolean>;
  /** Counts what is kept until the next poll. */
  readonly kept: HeldMemory;
}

/** The record of one poll, over which its steps work. */
interface Work extends Poll {
  readonly runs: RunsSource;
  /** Counts the memory of the rows. */
  readonly rows: HeldMemory;
  /** False once the account couldn't pay. */
  isPaid: boolean;
}

/**
 * Polls one list for its readers. Each reader gets the changes since its snapshot: readers that have read
 * everything share one batch; a slow reader gets the latest state of each run in one event.
 */
export class ListPoller implements Polled<ListReader, ListEvent> {
  readonly hasEnded = false;
  readonly next = readNext;
  readonly #options: ListPollerOptions;
  readonly #stopped = new StoppedRuns();
  readonly #state: ListState = {
    latest: undefined,
    servedAllAt: -Infinity,
    busyAt: performance.now(),
    livelyFrom: { key: '', id: '' },
    newestDigest: undefined,
  };

  constructor(options: ListPollerOptions) {
    this.#options = options;
  }

  cursorOf(reader: ListReader): string | undefined {
    const received = receivedBy(reader);
    if (isResume(received)) return received.after;
    return received && encodeSnapshot(received, this.#options.key);
  }

  async poll(readers: readonly ListReader[]) {
    const { open, kept, newest } = this.#options;
    const rows = kept.open();
    try {
      const work: Work = { ...planPoll(readers, this.#state), runs: open(rows), rows, isPaid: true };
      if (work.isIdle && (await newest.readDigest(work.runs)) === this.#state.newestDigest)
        return { isBusy: false };
      // Kept before the list is read, since another list may read a newer run meanwhile.
      const newestDigest = newest.digest;
      const found = await this.#lookUp(work, await this.#read(work));
      const { latest, isBusy } = this.#compare(work, found);
      const lost = this.#handOut(work, found, latest);
      const { polledAt, servesAll, livelyFrom } = work;
      Object.assign(this.#state, { latest, livelyFrom, newestDigest });
      if (servesAll) this.#state.servedAllAt = polledAt;
      if (isBusy) this.#state.busyAt = polledAt;
      return { isBusy, lost };
    } finally {
      rows.release();
    }
  }

  /** Reads the list back to what the readers have received, and its active runs. */
  #read(work: Work): Promise<Observation> {
    const { runs, rows, isFull, livelyFrom, received } = work;
    const { latest } = this.#state;
    const [readTo] = received.map(({ watermark }) => watermark).toSorted(compareBounds);
    // All active runs that were watched must be read again to verify a cursor's digest of those that it doesn't name.
    const [readActiveTo] = received
      .flatMap((each) => (isResume(each) && each.unnamed?.newest ? [each.watchedFrom] : []))
      .toSorted(compareBounds);
    return observe({
      runs,
      filter: fixedFilters(this.#options.filter),
      isFull,
      livelyFrom,
      readTo,
      readActiveTo,
      watchedBefore: latest?.watchedFrom ?? null,
      // The account pays only for reading back beyond the poller's last watermark.
      mayReadOn: async (oldest) =>
        (latest !== undefined && compareBounds(oldest, latest.watermark) > 0) || this.#pay(work, 1),
      hold(bytes) {
        if (!rows.add(bytes)) throw heldTooMuch();
      },
    });
  }

  /** Looks up the runs that readers have received and that weren't read. */
  async #lookUp(work: Work, observation: Observation): Promise<Findings> {
    const { startedAt, polledAt, runs, received } = work;
    this.#stopped.forget(polledAt, (id) => observation.byId.has(id));
    const found = await lookUpUnread(observation, {
      runs,
      startedAt,
      polledAt,
      watched: this.#watched,
      stopped: this.#stopped,
      received: received.map(fingerprintsOf),
      pay: (requests) => this.#pay(work, requests),
    });
    return { ...found, isShown: (run) => isSelected(run, this.#options.filter) };
  }

  /** Finds what has changed since the last poll. */
  #compare({ polledAt, livelyFrom }: Work, found: Findings) {
    const latest = latestOf(found, this.#watched, (id) => this.#stopped.has(id, polledAt));
    const before = this.#state.latest;
    const hasChanged = before !== undefined && changesSince(before, found).length > 0;
    const isLively = found.rows.some((run) => isActive(run) && isAfter(run, livelyFrom));
    const isBusy = hasChanged || isLively || found.hasLookedUp || this.#stopped.isBusy(polledAt);
    return { latest, isBusy };
  }

  /** Hands out the changes to the served readers. @returns the readers that can't go on, with why */
  #handOut({ served, unserved, isPaid }: Work, findings: Findings, latest: Snapshot) {
    const { kept, key } = this.#options;
    const lost = new Map<ListReader, Error>();
    let bytes = unserved.values().reduce((sum, batch) => sum + batch.bytes, this.#stopped.bytes);
    for (const { from = latest, group } of bySnapshot(served)) {
      const next = readerFrom(from, latest, findings, key);
      const more = next === undefined ? 0 : bytesOf(next);
      const fits = kept.set(bytes + more);
      if (fits) bytes += more;
      for (const reader of group) {
        if (!fits) lost.set(reader, heldTooMuch());
        else if (next !== undefined) Object.assign(reader, next);
        else if (isPaid) lost.set(reader, tooFarBehind());
      }
    }
    return lost;
  }

  /** The fingerprints of the runs that the last poll watched. */
  get #watched(): Fingerprints {
    return this.#state.latest?.fingerprints ?? new Map();
  }

  /** Pays for requests that cursors cause. @returns false from the first time in a poll that the account can't pay */
  async #pay(work: Work, requests: number): Promise<boolean> {
    return (work.isPaid &&= await this.#options.payFor(requests));
  }
}
