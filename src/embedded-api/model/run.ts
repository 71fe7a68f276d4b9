import type { RUN_FIELDS } from './fields.ts';
import type { KeptRow, NewRow, StoredRow } from './row.ts';

/** One run as the store takes it. */
export type StoredRun = StoredRow<typeof RUN_FIELDS>;

/** A run to insert. Absent fields have defaults: status `created`, the default organization, otherwise null. */
export type NewRun = NewRow<typeof RUN_FIELDS>;

/** A run as SQLite returns it. */
export type RunRow = KeptRow<typeof RUN_FIELDS>;
