import { comparePositions, type Position } from '../pagination/position.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { Batch, type ListEvent } from './batch.ts';
import { changesSince, isActive, isAfter, type IsShown, seenOf } from './changes.ts';
import { StreamEndError } from './errors.ts';
import type { Polled } from './hub.ts';
import { observe, type Observation, withActive } from './observe.ts';
import { encodeSeen } from './seen-cursor.ts';
import type { Seen } from './seen.ts';
import { asListed, fixedFilter, isSelected, type ListSelection } from './selection.ts';

/** Rows that are read at most for a watcher that has fallen behind, and known runs that are looked up. */
const MAX_ROWS_BEHIND = 5_000;
const MAX_LOOK_UPS = 300;
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
    const bases = distinctBases(readers);
    let observation = await observe({
      runs,
      filter: fixedFilter(selection),
      floor: lowestOf(bases),
      expected: this.#latest?.known.size ?? 0,
      maxRows: MAX_ROWS_BEHIND,
    });
    const ended = new Map<string, Run | null>();
    // While runs are looked up, readers go on reading, and know others.
    for (;;) {
      const missing = missingRuns(distinctBases(readers), observation, ended);
      if (missing.length === 0) break;
      if (ended.size + missing.length > MAX_LOOK_UPS) {
        return { isBusy: true, lost: this.#give(readers, observation, ended, missing) };
      }
      const found = await Promise.all(missing.map((id) => this.#find(id)));
      missing.forEach((id, index) => ended.set(id, found[index] ?? null));
      observation = withActive(
        observation,
        found.filter((run) => isStillWatched(run, observation)),
      );
    }
    for (const id of observation.byId.keys()) ended.delete(id);
    const before = this.#latest;
    const lost = this.#give(readers, observation, ended, []);
    const hasChanged = before !== undefined && changesSince(before, observation, ended, isShown).length > 0;
    const isLively = observation.rows.some(
      (run) => isActive(run) && now() - Date.parse(`${run.createdInstant}Z`) < STALE_MS,
    );
    return { isBusy: hasChanged || isLively, lost };
  }

  async #find(id: string): Promise<Run | null> {
    const { runs, selection } = this.#options;
    const run = await runs.retrieve(id);
    return run && asListed(run, selection, runs);
  }

  /** @param unknown known runs of which it isn't known what became of them */
  #give(
    readers: ReadonlySet<ListReader>,
    observation: Observation,
    ended: ReadonlyMap<string, Run | null>,
    unknown: readonly string[],
  ): ReadonlyMap<ListReader, Error> {
    const { key } = this.#options;
    const isShown = this.#isShown;
    const to = seenOf(observation, isShown);
    this.#latest = to;
    const lost = new Map<ListReader, Error>();
    const shared = new Map<Seen, Batch | undefined>();
    for (const reader of readers) {
      const from = seenBy(reader);
      if (from === undefined) {
        reader.seen = to;
        continue;
      }
      if (isBehind(from, observation) || unknown.some((id) => from.known.has(id))) {
        lost.set(reader, tooFarBehind());
        continue;
      }
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
function lowestOf(bases: ReadonlySet<Seen>): Position | null | undefined {
  let lowest: Position | null | undefined;
  for (const { settled } of bases) {
    if (settled === null) return null;
    if (lowest === undefined || (lowest !== null && comparePositions(settled, lowest) < 0)) lowest = settled;
  }
  return lowest;
}

function missingRuns(
  bases: ReadonlySet<Seen>,
  { byId }: Observation,
  ended: ReadonlyMap<string, unknown>,
): readonly string[] {
  const missing = new Set<string>();
  for (const { known } of bases) {
    for (const id of known.keys()) if (!byId.has(id) && !ended.has(id)) missing.add(id);
  }
  return [...missing];
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
