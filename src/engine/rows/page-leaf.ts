import type { Page } from '../../pagination/connection.ts';
import { encodeCursor } from '../../pagination/cursor.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import type { MergedObject } from '../documents/merge-selections.ts';
import { compileRow } from './compile-row.ts';
import { Leaf } from './leaf.ts';
import { isRowList } from './row-fields.ts';
import { RowLeaf } from './row-leaf.ts';

/** Writes a part of a page. */
type WriteMember = (out: ByteWriter, page: Page<Run>) => void;
export type PageProgram = readonly WriteMember[];

/** A whole connection in which no field needs more than its page. */
export class PageLeaf extends Leaf {
  readonly #page: Page<Run>;
  readonly #program: PageProgram;

  constructor(page: Page<Run>, program: PageProgram) {
    super(page.rows);
    this.#page = page;
    this.#program = program;
  }

  override writeTo(out: ByteWriter): void {
    for (const write of this.#program) write(out, this.#page);
  }
}

/** The fields of PageInfo, as resolved by the schema. */
const PAGE_INFO: Readonly<Record<string, (page: Page<Run>) => unknown>> = {
  hasNextPage: (page) => page.hasNextPage,
  hasPreviousPage: (page) => page.hasPreviousPage,
  startCursor: ({ rows }) => cursorOf(rows.at(0)),
  endCursor: ({ rows }) => cursorOf(rows.at(-1)),
};

function cursorOf(run: Run | undefined): string | null {
  return run === undefined ? null : encodeCursor(positionOf(run));
}

/** Compiles the selections on a connection. Returns null if a field needs more than its page. */
export function compilePage(connection: MergedObject): PageProgram | null {
  return compileObject(connection, (field) => {
    const [below] = field.objects;
    if (below === undefined) return null;
    if (field.name === 'pageInfo') return compileObject(below, ({ name }) => writeInfo(PAGE_INFO[name]));
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

function writeInfo(read: ((page: Page<Run>) => unknown) | undefined): PageProgram | null {
  return read === undefined ? null : [(out, page) => out.text(JSON.stringify(read(page)))];
}
