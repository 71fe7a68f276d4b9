import type { Rows } from '../../lists/list.ts';
import type { Page } from '../../lists/pages/connection.ts';
import type { MergedField, MergedObject } from '../documents/merge-selections.ts';
import type { RowCompiler } from './compile-row.ts';
import { RowLeaf } from './row-leaf.ts';
import { RowProgramBuilder } from './row-program.ts';

/** Returns what is written of a page: a value, or an object of such values, as the executor would return it. */
export type ValueOf = (page: Page<object>) => unknown;

/** The fields of PageInfo, as resolved by the schema. */
const PAGE_INFO: Readonly<Record<string, ValueOf>> = {
  hasNextPage: (page) => known(page.hasNextPage),
  hasPreviousPage: (page) => known(page.hasPreviousPage),
  startCursor: ({ rows }) => cursorOf(rows.slice(0, 1)),
  endCursor: ({ rows }) => cursorOf(rows.slice(-1)),
};

function known(flag: boolean | undefined): boolean {
  if (flag === undefined) throw new Error('A page flag is selected, but the plan did not determine it');
  return flag;
}

const CURSOR = new RowProgramBuilder().cursor().finish();

function cursorOf(row: Rows<object>): RowLeaf | null {
  return row.length === 0 ? null : new RowLeaf(row, CURSOR, false);
}

/** Compiles a list of rows or edges. Returns null if a field needs more than the row. */
export function compileList(item: MergedObject, rows: RowCompiler): ValueOf | null {
  const program = rows.compileRow(item);
  return program && ((page) => new RowLeaf(page.rows, program, true));
}

/** Compiles a whole connection. Returns null if a field needs more than its page. */
export function compilePage(connection: MergedObject, rows: RowCompiler): ValueOf | null {
  return compileObject(connection, (field) => {
    const [below] = field.objects;
    if (below === undefined) return undefined;
    if (field.name === 'pageInfo') return compileObject(below, ({ name }) => PAGE_INFO[name]);
    return rows.isRowList(connection, field) ? compileList(below, rows) : undefined;
  });
}

function compileObject(
  { type, fields }: MergedObject,
  compileField: (field: MergedField) => ValueOf | null | undefined,
): ValueOf | null {
  const values: (readonly [key: string, valueOf: ValueOf])[] = [];
  for (const field of fields) {
    const valueOf = field.name === '__typename' ? () => type.name : compileField(field);
    if (valueOf == null) return null;
    values.push([field.key, valueOf]);
  }
  return (page) => {
    const object: Record<string, unknown> = Object.create(null);
    for (const [key, valueOf] of values) object[key] = valueOf(page);
    return object;
  };
}
