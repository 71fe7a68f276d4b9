import type { Run } from '../runs/run.ts';
import type { Change } from './changes.ts';
import { encodeSeen } from './seen-cursor.ts';
import type { Seen } from './seen.ts';

/** An event of a list, for any number of watchers. */
export class ListEvent implements Change {
  readonly kind: Change['kind'];
  readonly id: string;
  readonly run: Run | null;
  /** What has been seen with it. */
  readonly seen: Seen;
  readonly #before: Seen;
  readonly #filterKey: string;

  /** @param before what was seen before it, @param seen with it */
  constructor({ kind, id, run }: Change, before: Seen, seen: Seen, filterKey: string) {
    this.kind = kind;
    this.id = id;
    this.run = run;
    this.seen = seen;
    this.#before = before;
    this.#filterKey = filterKey;
  }

  /** For going on right after it. */
  get cursor(): string {
    return encodeSeen(this.seen, this.#filterKey);
  }

  /** For being told it again. */
  get cursorBefore(): string {
    return encodeSeen(this.#before, this.#filterKey);
  }
}
