import { filterKey, mismatchedFilters, type RunFilter } from '../../runs/run-filters.ts';
import { isInWindow, type RunWindow, windowKey } from '../../runs/run-window.ts';
import { beforeGoingOn, type Run, withoutEnd } from '../watched-run.ts';

/** Which runs a list has. */
export interface ListSelection {
  readonly filter: RunFilter;
  readonly window: RunWindow;
}

/** Returns a key that is equal only for equal selections. */
export function selectionKey({ filter, window }: ListSelection): string {
  return filterKey(filter) + windowKey(window);
}

/** Runs that are remembered at most. */
const MAX_REMEMBERED = 1_000;

/**
 * Which runs are in a list, now and before. Whether a run that goes on was in it is guessed from how such
 * runs end, but for those where that would be wrong. State that outlives a request, of one poller: written
 * by what the upstream says of its runs.
 */
export class Membership {
  readonly #selection: ListSelection;
  /** Runs that are forgotten, and whether they were in the list. */
  readonly #exceptions = new Map<string, boolean>();

  constructor(selection: ListSelection) {
    this.#selection = selection;
  }

  /** Whether a run is in the list, as it is now. */
  isShown(run: Run): boolean {
    const { filter, window } = this.#selection;
    return mismatchedFilters([run], filter).length === 0 && isInWindow(run, window);
  }

  /** Whether a run that had ended and goes on was, before that. */
  wasShown(run: Run): boolean {
    return this.#exceptions.get(run.id) ?? this.isShown(beforeGoingOn(run));
  }

  /** Takes a run that has ended, and is not looked at again. */
  forget(run: Run): void {
    const isShown = this.isShown(run);
    this.#exceptions.delete(run.id);
    if (isShown === this.isShown(beforeGoingOn(withoutEnd(run)))) return;
    this.#exceptions.set(run.id, isShown);
    const [oldest] = this.#exceptions.keys();
    if (this.#exceptions.size > MAX_REMEMBERED && oldest !== undefined) this.#exceptions.delete(oldest);
  }
}
