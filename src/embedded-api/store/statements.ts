import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { FieldTable } from '../model/field.ts';
import type { NewRow, StoredRow } from '../model/row.ts';
import type { Columns } from './columns.ts';

/** The number of cached prepared statements, whose texts vary with the filters. */
const MAX_PREPARED = 256;

/** The statements of one database, prepared once each. */
export interface Statements {
  /** Returns typed rows: the tables are STRICT and the statements fixed, so the types are known. */
  readonly rows: <Row>(sql: string, values: readonly SQLInputValue[]) => Row[];
  /** Returns the number of changed rows. */
  readonly run: (sql: string, values: readonly SQLInputValue[]) => number;
  /** Inserts rows, each on its own unless the caller has begun a transaction. */
  readonly insert: <Fields extends FieldTable>(
    columns: Columns<Fields>,
    rows: Iterable<NewRow<Fields>>,
  ) => void;
  /** Changes the columns of the row with an id. @throws Error if there is no such row */
  readonly update: <Fields extends FieldTable>(
    columns: Columns<Fields>,
    id: string,
    patch: Partial<StoredRow<Fields>>,
  ) => void;
  readonly clear: () => void;
}

export function createStatements(database: DatabaseSync): Statements {
  const prepared = new Map<string, StatementSync>();
  const prepare = (sql: string): StatementSync => {
    let statement = prepared.get(sql);
    if (statement === undefined) {
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      statement = database.prepare(sql);
      statement.setReadBigInts(true);
      prepared.set(sql, statement);
    }
    return statement;
  };
  const run = (sql: string, values: readonly SQLInputValue[]): number =>
    Number(prepare(sql).run(...values).changes);
  return {
    rows<Row>(sql: string, values: readonly SQLInputValue[]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's types don't know the statement.
      return prepare(sql).all(...values) as unknown as Row[];
    },
    run,
    insert({ insertSql, encodeRow }, rows) {
      const statement = prepare(insertSql);
      for (const row of rows) statement.run(...encodeRow(row));
    },
    update({ table, encodePatch }, id, patch) {
      const changed = encodePatch(patch);
      if (changed.length === 0) return;
      const assignments = changed.map(({ name }) => `${name} = ?`).join(', ');
      const values = changed.map(({ value }) => value);
      const changes = run(`UPDATE ${table} SET ${assignments} WHERE id = ?`, [...values, id]);
      if (changes === 0) throw new Error(`expected an existing ${table.slice(0, -1)}, but got: ${id}`);
    },
    clear: () => prepared.clear(),
  };
}
