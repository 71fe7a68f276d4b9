import { comparePositions, type Position } from '../pagination/position.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { Batch } from './batch.ts';
import { changesSince, isActive, isAfter, type IsShown, seenOf } from './changes.ts';
import { StreamEndError } from './errors.ts';
import type { Polled } from './hub.ts';
import type { ListEvent } from './list-event.ts';
import { observe, type Observation, withActive } from './observe.ts';
import { encodeSeen } from './seen-cursor.ts';
import type { Seen } from './seen.ts';
import { asListed, fixedFilter, isSelected, type ListSelection } from './selection.ts';

/** Rows that are read at most for a watcher that has fallen behind, and known runs that are looked up. */
const MAX_ROWS_BEHIND = 5_000;
const MAX_LOOK_UPS = 300;
/** Milliseconds between polls that bring those up to date who have fallen behind and not read their events. */
const SLOW_MS = 15_000;
/** Milliseconds after its creation from which an active run is no longer expected to change at any moment. */
const STALE_MS = 3_600_000;

/** One reader of the events of a list. */
export interface ListReader {
  /** What it has seen; undefined for one that has only come, and begins with what is there now. */
  seen: Seen | undefined;
  /** The events that it reads, and how many it has read of them. */
  batch: Batch | undefined;
  read: number;
}

export interface ListPollerOptions {
  readonly runs: RunsSource;
  readonly selection: ListSelection;
  /** Of the selection. */
  readonly key: string;
  /** The time in milliseconds since 1970. */
  readonly now: () => number;
}

/** Returns what a reader has seen by now. */
function seenBy({ seen, batch, read }: ListReader): Seen | undefined {
  return batch === undefined ? seen : batch.seenAfter(read);
}

/**
 * Polls one list for its readers. Each of them gets the changes since what it has seen itself: those that
 * have read everything share one batch; whoever is slow gets the latest state of each run in one event.
 */
export class ListPoller implements Polled<ListReader, ListEvent> {
  readonly isOver = false;
  readonly #options: ListPollerOptions;
  readonly #isShown: IsShown;
  #latest: Seen | undefined;
  /** What became of known runs of readers who have not been told of it yet: they are looked up once. */
  #ended: ReadonlyMap<string, Run | null> = new Map();
  /** When those who are slow were brought up to date. */
  #forAllAt = 0;

  constructor(options: ListPollerOptions) {
    this.#options = options;
    this.#isShown = (run) => isSelected(run, options.selection);
  }

  next(reader: ListReader): { readonly event: ListEvent } | undefined {
    const { batch } = reader;
    if (batch === undefined) return undefined;
    const event = batch.event(reader.read);
    reader.read += 1;
    if (reader.read === batch.size) {
      reader.seen = batch.to;
      reader.batch = undefined;
    }
    return { event };
  }

  /** Undefined if it has only come. */
  cursorOf(reader: ListReader): string | undefined {
    const seen = seenBy(reader);
    return seen && encodeSeen(seen, this.#options.key);
  }

  /** Polls once, and gives each reader what is new for it. @throws UpstreamError, VanishedPositionError */
  async poll(readers: ReadonlySet<ListReader>) {
    const { runs, selection, now } = this.#options;
    const isShown = this.#isShown;
    const isForAll = now() - this.#forAllAt >= SLOW_MS;
    const bases = [...readers].filter(({ batch }) => batch === undefined || isForAll).map(seenBy);
    let observation = await observe({
      runs,
      filter: fixedFilter(selection),
      floor: lowestOf(bases),
      expected: this.#latest?.known.size ?? 0,
      maxRows: MAX_ROWS_BEHIND,
    });
    const ended = new Map([...this.#ended].filter(([id]) => !observation.byId.has(id)));
    let left = MAX_LOOK_UPS;
    // While runs are looked up, readers go on reading, and know others.
    for (;;) {
      const missing = affordable(distinctBases(readers), observation, ended, left);
      if (missing.length === 0) break;
      left -= missing.length;
      const found = await Promise.all(missing.map((id) => this.#find(id)));
      missing.forEach((id, index) => ended.set(id, found[index] ?? null));
      observation = withActive(
        observation,
        found.filter((run) => isStillWatched(run, observation)),
      );
    }
    for (const id of observation.byId.keys()) ended.delete(id);
    const before = this.#latest;
    const lost = this.#give(readers, observation, ended, isForAll);
    if (isForAll) this.#forAllAt = now();
    const isKnown = new Set(
      distinctBases(readers)
        .values()
        .flatMap(({ known }) => known.keys()),
    );
    this.#ended = new Map([...ended].filter(([id]) => isKnown.has(id)));
    const hasChanged = before !== undefined && changesSince(before, observation, ended, isShown).length > 0;
    const isLively = observation.rows.some(
      (run) => isActive(run) && now() - Date.parse(`${run.createdInstant}Z`) < STALE_MS,
    );
    return { isBusy: hasChanged || isLively || left < MAX_LOOK_UPS, lost };
  }

  async #find(id: string): Promise<Run | null> {
    const { runs, selection } = this.#options;
    const run = await runs.retrieve(id);
    return run && asListed(run, selection, runs);
  }

  #give(
    readers: ReadonlySet<ListReader>,
    observation: Observation,
    ended: ReadonlyMap<string, Run | null>,
    isForAll: boolean,
  ): ReadonlyMap<ListReader, Error> {
    const { key } = this.#options;
    const isShown = this.#isShown;
    const to = seenOf(observation, isShown);
    this.#latest = to;
    const lost = new Map<ListReader, Error>();
    const shared = new Map<Seen, Batch | undefined>();
    const missing = new Map<Seen, number>();
    for (const reader of readers) {
      const from = seenBy(reader);
      if (from === undefined) {
        reader.seen = to;
        continue;
      }
      if (isBehind(from, observation)) {
        if (reader.batch === undefined || isForAll) lost.set(reader, tooFarBehind());
        continue;
      }
      if (!missing.has(from)) missing.set(from, missingRuns(from, observation, ended).length);
      const toLookUp = missing.get(from) ?? 0;
      if (toLookUp > MAX_LOOK_UPS) lost.set(reader, tooFarBehind());
      // It is its turn in a later poll.
      if (toLookUp > 0) continue;
      if (!shared.has(from)) {
        const own = new Map([...ended].filter(([id]) => from.known.has(id)));
        const changes = changesSince(from, observation, own, isShown);
        const batch = new Batch({ from, to, changes, observation, isShown, key });
        shared.set(from, batch.size === 0 ? undefined : batch);
      }
      reader.batch = shared.get(from);
      reader.read = 0;
      reader.seen = reader.batch === undefined ? to : from;
    }
    return lost;
  }
}

function tooFarBehind(): StreamEndError {
  return new StreamEndError(
    'CURSOR_TOO_OLD',
    `More has changed since the last event than can be caught up with: more than ${MAX_ROWS_BEHIND} runs were created, or more than ${MAX_LOOK_UPS} have ended. Subscribe again without \`after\`, and read the list once more.`,
  );
}

function distinctBases(readers: ReadonlySet<ListReader>): ReadonlySet<Seen> {
  const bases = new Set<Seen>();
  for (const reader of readers) {
    const seen = seenBy(reader);
    if (seen !== undefined) bases.add(seen);
  }
  return bases;
}

/** Undefined if there is none; null is before all. */
function lowestOf(bases: readonly (Seen | undefined)[]): Position | null | undefined {
  let lowest: Position | null | undefined;
  for (const base of new Set(bases)) {
    if (base === undefined) continue;
    const { settled } = base;
    if (settled === null) return null;
    if (lowest === undefined || (lowest !== null && comparePositions(settled, lowest) < 0)) lowest = settled;
  }
  return lowest;
}

/**
 * Returns known runs to look up. Whoever needs few comes first, so that the cursor of one reader, which
 * may be forged, neither costs others their events nor more than so many requests.
 */
function affordable(
  bases: ReadonlySet<Seen>,
  observation: Observation,
  ended: ReadonlyMap<string, unknown>,
  max: number,
): readonly string[] {
  const ids = new Set<string>();
  const needs = [...bases]
    .map((base) => missingRuns(base, observation, ended))
    .filter(({ length }) => length > 0 && length <= MAX_LOOK_UPS);
  for (const need of needs.toSorted((a, b) => a.length - b.length)) {
    const added = need.filter((id) => !ids.has(id));
    if (ids.size + added.length <= max) for (const id of added) ids.add(id);
  }
  return [...ids];
}

/** Returns known runs of which it isn't known what became of them. */
function missingRuns(
  { known }: Seen,
  { byId }: Observation,
  ended: ReadonlyMap<string, unknown>,
): readonly string[] {
  return [...known.keys()].filter((id) => !byId.has(id) && !ended.has(id));
}

/** Whether a run is active after all: it has gone on since the active runs were read. */
function isStillWatched(run: Run | null, { activeFloor }: Observation): run is Run {
  return run !== null && isActive(run) && isAfter(run, activeFloor);
}

/** Whether there may be runs after what was seen that were not read. */
function isBehind({ settled }: Seen, { floor }: Observation): boolean {
  if (floor === null) return false;
  return settled === null || comparePositions(settled, floor) < 0;
}
