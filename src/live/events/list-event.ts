import type { Run } from '../../runs/run.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import type { Snapshot } from '../snapshots/snapshot.ts';
import type { Change } from './changes.ts';

/** An event of a list, for any number of watchers. */
export class ListEvent implements Change {
  readonly kind: Change['kind'];
  readonly id: string;
  readonly run: Run | null;
  /** What has been seen with it. */
  readonly snapshot: Snapshot;
  readonly #before: Snapshot;
  readonly #filterKey: string;

  /** @param before what was seen before it, @param snapshot what with it */
  constructor({ kind, id, run }: Change, before: Snapshot, snapshot: Snapshot, filterKey: string) {
    this.kind = kind;
    this.id = id;
    this.run = run;
    this.snapshot = snapshot;
    this.#before = before;
    this.#filterKey = filterKey;
  }

  /** For going on right after it. */
  get cursor(): string {
    return encodeSnapshot(this.snapshot, this.#filterKey);
  }

  /** For being told it again. */
  get cursorBefore(): string {
    return encodeSnapshot(this.#before, this.#filterKey);
  }
}
