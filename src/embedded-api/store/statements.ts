import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import type { FieldTable } from '../model/field.ts';
import type { NewRow } from '../model/row.ts';
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
  return {
    rows<Row>(sql: string, values: readonly SQLInputValue[]) {
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- SQLite's types don't know the statement.
      return prepare(sql).all(...values) as unknown as Row[];
    },
    run: (sql, values) => Number(prepare(sql).run(...values).changes),
    insert({ insertSql, encodeRow }, rows) {
      const statement = prepare(insertSql);
      for (const row of rows) statement.run(...encodeRow(row));
    },
    clear: () => prepared.clear(),
  };
}
