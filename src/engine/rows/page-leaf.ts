import type { Page } from '../../lists/pages/connection.ts';
import type { Rows } from '../../lists/rows.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import type { MergedObject } from '../documents/merge-selections.ts';
import { compileRow, isRowList } from './compile-row.ts';
import { Leaf, RowLeaf } from './row-leaf.ts';
import { RowProgramBuilder } from './row-program.ts';
import type { Row } from './run-table.ts';

/** Writes a part of a page. */
type WriteMember = (out: ByteWriter, page: Page<Row>) => void;
export type PageProgram = readonly WriteMember[];

/** A whole connection in which no field needs more than its page. */
export class PageLeaf extends Leaf {
  readonly #page: Page<Row>;
  readonly #program: PageProgram;

  constructor(page: Page<Row>, program: PageProgram) {
    super(page.rows);
    this.#page = page;
    this.#program = program;
  }

  override writeTo(out: ByteWriter): void {
    for (const write of this.#program) write(out, this.#page);
  }
}

/** The fields of PageInfo, as resolved by the schema. */
const PAGE_INFO: Readonly<Record<string, WriteMember>> = {
  hasNextPage: (out, page) => out.text(JSON.stringify(page.hasNextPage)),
  hasPreviousPage: (out, page) => out.text(JSON.stringify(page.hasPreviousPage)),
  startCursor: (out, { rows }) => writeCursor(out, rows.slice(0, 1)),
  endCursor: (out, { rows }) => writeCursor(out, rows.slice(-1)),
};

const CURSOR = new RowProgramBuilder().cursor().finish();

/** Writes the cursor of a row, or null if there is none. */
function writeCursor(out: ByteWriter, row: Rows<Row>): void {
  if (row.length === 0) out.text('null');
  else new RowLeaf(row, CURSOR, false).writeTo(out);
}

/** Compiles the selections on a connection. Returns null if a field needs more than its page. */
export function compilePage(connection: MergedObject): PageProgram | null {
  return compileObject(connection, (field) => {
    const [below] = field.objects;
    if (below === undefined) return null;
    if (field.name === 'pageInfo')
      return compileObject(below, ({ name }) => (PAGE_INFO[name] ? [PAGE_INFO[name]] : null));
    const program = isRowList(connection, field) ? compileRow(below, true) : null;
    return program && [(out, page) => new RowLeaf(page.rows, program, true).writeTo(out)];
  });
}

function compileObject(
  { type, fields }: MergedObject,
  compileField: (field: MergedObject['fields'][number]) => PageProgram | null,
): PageProgram | null {
  const program: WriteMember[] = [];
  let separator = '{';
  for (const field of fields) {
    const head = `${separator}${JSON.stringify(field.key)}:`;
    const isTypename = field.name === '__typename';
    program.push((out) => out.text(isTypename ? head + JSON.stringify(type.name) : head));
    const value = isTypename ? [] : compileField(field);
    if (value === null) return null;
    program.push(...value);
    separator = ',';
  }
  program.push((out) => out.text(fields.length === 0 ? '{}' : '}'));
  return program;
}
