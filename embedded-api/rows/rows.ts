import { INSTANTS, type Keys } from './kinds.ts';
import { normalizeTimestamp } from './stamps.ts';

/** What every row has. */
export interface Row {
  readonly id: string;
  /** In the stored form. */
  readonly created_at: string;
}

/** A row to insert: the rest has defaults. */
export type New<R extends Row> = Partial<R> & Row;

/**
 * Rows in memory, in lists by the value of one key. Times may be written in any way of RFC 3339, and are in UTC if they
 * have no zone; whole numbers are exact beyond 2^53 if they are bigints. A changed row is another object.
 */
export class Rows<R extends Row, N extends New<R> = New<R>> {
  readonly #defaults: Keys;
  readonly #listedBy: string;
  readonly #prepare: (id: string) => void;
  readonly #byId = new Map<string, R>();
  readonly #lists = new Map<unknown, R[]>();
  /** The keys of lists that are to be sorted before they are read. */
  readonly #unsorted = new Set<unknown>();
  #inserted = 0;

  /**
   * @param listedBy `organization_id` or `run_id`
   * @param prepare called before rows are looked for, with their id or that of their list
   */
  constructor(defaults: Keys, listedBy: string, prepare: (id: string) => void = () => {}) {
    this.#defaults = defaults;
    this.#listedBy = listedBy;
    this.#prepare = prepare;
  }

  /** @throws Error for an id that is there, RangeError for an invalid time */
  insert(rows: Iterable<N>): void {
    for (const given of rows) {
      if (this.#byId.has(given.id)) throw new Error(`expected a new id, but got: ${given.id}`);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The defaults have all keys.
      const row = normalized({ ...this.#defaults, ...given, sequence: this.#inserted++ }) as unknown as R;
      this.#byId.set(row.id, row);
      this.#listOf(row).push(row);
    }
  }

  /** @throws Error if there is no such row */
  update(id: string, patch: Partial<R>): void {
    const row = this.#byId.get(id);
    if (row === undefined) throw new Error(`expected an existing row, but got: ${id}`);
    const changed = normalized({ ...row, ...patch });
    this.#byId.set(id, changed);
    const list = this.#listOf(row);
    list[list.indexOf(row)] = changed;
  }

  /** Does nothing if there is no such row. */
  delete(id: string): void {
    const row = this.#byId.get(id);
    if (row === undefined) return;
    this.#byId.delete(id);
    const list = this.#listOf(row);
    list.splice(list.indexOf(row), 1);
  }

  find(id: string): R | undefined {
    this.#prepare(id);
    return this.#byId.get(id);
  }

  /** Returns the rows of an organization or a run, oldest first, by (created_at, id). */
  in(organizationOrRun: string): readonly R[] {
    this.#prepare(organizationOrRun);
    const list = this.#lists.get(organizationOrRun) ?? [];
    if (this.#unsorted.delete(organizationOrRun)) list.sort((a, b) => (precedes(a, b) ? -1 : 1));
    return list;
  }

  /** Returns the list of a row that is about to be changed. */
  #listOf(row: R): R[] {
    const key: unknown = Reflect.get(row, this.#listedBy);
    const list = this.#lists.get(key) ?? [];
    this.#lists.set(key, list);
    this.#unsorted.add(key);
    return list;
  }
}

/** Whether a row was created before another one, or has a smaller id. */
export function precedes(a: Row, b: Row): boolean {
  return a.created_at === b.created_at ? a.id < b.id : a.created_at < b.created_at;
}

/** Brings the times of a new row into the stored form. */
function normalized<R extends object>(row: R): R {
  for (const key of INSTANTS) {
    const value: unknown = Reflect.get(row, key);
    if (typeof value === 'string') Reflect.set(row, key, normalizeTimestamp(value));
  }
  return row;
}
