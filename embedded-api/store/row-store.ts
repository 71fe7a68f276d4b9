import { normalizeTimestamp } from './timestamps.ts';
import { INSTANTS, type Keys } from './wire-format.ts';

/** The fields of every row. */
export interface Row {
  readonly id: string;
  /** The time of creation, in the form that `normalizeTimestamp` writes. */
  readonly created_at: string;
}

/** A row to insert: the rest has defaults. */
export type New<R extends Row> = Partial<R> & Row;

/**
 * Rows in memory, in one array for each owner, an organization or a run. Times may be written in any way of RFC 3339,
 * and are in UTC if they have no zone. A changed row is another object.
 */
export class RowStore<R extends Row, N extends New<R> = New<R>> {
  readonly #defaults: Keys;
  readonly #ownerKey: string;
  readonly #prepare: (id: string) => void;
  readonly #byId = new Map<string, R>();
  readonly #byOwner = new Map<unknown, R[]>();
  /** The owners whose arrays are to be sorted before they are read. */
  readonly #unsorted = new Set<unknown>();
  #inserted = 0;

  /** @param prepare called with the id of a row or of an owner before a look-up */
  constructor(
    defaults: Keys,
    ownerKey: 'organization_id' | 'run_id',
    prepare: (id: string) => void = () => {},
  ) {
    this.#defaults = defaults;
    this.#ownerKey = ownerKey;
    this.#prepare = prepare;
  }

  /** @throws Error for an existing id, RangeError for an invalid time */
  insert(rows: Iterable<N>): void {
    for (const inserted of rows) {
      if (this.#byId.has(inserted.id)) throw new Error(`expected a new id, but got: ${inserted.id}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The defaults have all keys.
      const row = normalized({ ...this.#defaults, ...inserted, sequence: this.#inserted++ }) as unknown as R;
      this.#byId.set(row.id, row);
      this.#rowsToChange(row).push(row);
    }
  }

  /** @throws Error if there is no such row */
  update(id: string, patch: Partial<R>): void {
    const row = this.#byId.get(id);
    if (row === undefined) throw new Error(`expected an existing row, but got: ${id}`);
    const changed = normalized({ ...row, ...patch });
    this.#byId.set(id, changed);
    const rows = this.#rowsToChange(row);
    rows[rows.indexOf(row)] = changed;
  }

  /** Does nothing if there is no such row. */
  delete(id: string): void {
    const row = this.#byId.get(id);
    if (row === undefined) return;
    this.#byId.delete(id);
    const rows = this.#rowsToChange(row);
    rows.splice(rows.indexOf(row), 1);
    if (rows.length > 0) return;
    const owner: unknown = Reflect.get(row, this.#ownerKey);
    this.#byOwner.delete(owner);
    this.#unsorted.delete(owner);
  }

  find(id: string): R | undefined {
    this.#prepare(id);
    return this.#byId.get(id);
  }

  /** Returns the rows of an organization or a run, oldest first, by (created_at, id). */
  of(owner: string): readonly R[] {
    this.#prepare(owner);
    const rows = this.#byOwner.get(owner) ?? [];
    if (this.#unsorted.delete(owner)) rows.sort((a, b) => (precedes(a, b) ? -1 : 1));
    return rows;
  }

  /** Returns the array of a row that is about to be changed. */
  #rowsToChange(row: R): R[] {
    const owner: unknown = Reflect.get(row, this.#ownerKey);
    const rows = this.#byOwner.get(owner) ?? [];
    this.#byOwner.set(owner, rows);
    this.#unsorted.add(owner);
    return rows;
  }
}

/** Whether a row was created before another one, or has a smaller id. */
export function precedes(a: Row, b: Row): boolean {
  return a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at;
}

/** Brings the times of a row into the stored form, in place. */
function normalized<R extends object>(row: R): R {
  for (const key of INSTANTS) {
    const value: unknown = Reflect.get(row, key);
    if (typeof value === 'string') Reflect.set(row, key, normalizeTimestamp(value));
  }
  return row;
}
