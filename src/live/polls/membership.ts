import type { Run } from '../../runs/run.ts';
import type { Membership } from '../events/changes.ts';
import { beforeGoingOn, withFields } from './run-states.ts';
import { isSelected, type ListSelection } from './selection.ts';

/** Runs that are remembered at most. */
const MAX_REMEMBERED = 1_000;

/**
 * Which runs are in a list, now and before. Whether a run that goes on was in it is guessed from how such
 * runs end, but for those where that would be wrong. State that outlives a request, of one poller: written
 * by what the upstream says of its runs.
 */
export class RememberedMembership implements Membership {
  readonly #selection: ListSelection;
  /** Runs that are forgotten, and whether they were in the list. */
  readonly #exceptions = new Map<string, boolean>();

  constructor(selection: ListSelection) {
    this.#selection = selection;
  }

  isShown(run: Run): boolean {
    return isSelected(run, this.#selection);
  }

  wasShown(run: Run): boolean {
    return this.#exceptions.get(run.id) ?? this.isShown(beforeGoingOn(run));
  }

  /** Takes a run that has ended, and is not looked at again. */
  forget(run: Run): void {
    const isShown = this.isShown(run);
    this.#exceptions.delete(run.id);
    // It may go on without the stop reason and the duration that it has now.
    const guess = this.isShown(beforeGoingOn(withFields(run, { stopReason: null, totalDurationNs: null })));
    if (isShown === guess) return;
    this.#exceptions.set(run.id, isShown);
    const [oldest] = this.#exceptions.keys();
    if (this.#exceptions.size > MAX_REMEMBERED && oldest !== undefined) this.#exceptions.delete(oldest);
  }
}
