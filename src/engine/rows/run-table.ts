import type { Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';

/** A row of the table. */
export type Row = Run;

/** A list whose rows are copied: what the schema calls its types, and what is written from a row alone. */
interface RowTable {
  /** The names of the types of a row, of its edge, which is represented by the same row, and of a page. */
  readonly types: { readonly row: string; readonly edge: string; readonly page: string };
  /** The fields of a row, by their names in the schema: all that need no arguments, context or request. */
  readonly fields: readonly NamedField[];
  /** The field of the kind `config`: its name, and the type and fields of the object in it. */
  readonly nested: { readonly name: string; readonly type: string; readonly fields: readonly NamedField[] };
  /** The fields of a row with an object of which some fields, by `Type.field`, are fields of the row. */
  readonly links: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The id of what a row belongs to, which is required as its own id is. */
  readonly owner: string;
  /** The property of a row with its time of creation in the format of `instantOf`. */
  readonly instant: string;
  /** Further properties that all rows of a list have. */
  readonly constants: Partial<Row>;
  readonly positionOf: (row: Row) => Position;
}

/**
 * Runs: the rows that are scanned and copied. Those of other lists, which are shorter and asked for less, are
 * served by their resolvers.
 */
export const ROW_TABLE: RowTable = {
  types: { row: 'Run', edge: 'RunEdge', page: 'RunConnection' },
  fields: RUN_FIELD_LIST,
  nested: { name: 'requestConfig', type: 'RunRequestConfig', fields: REQUEST_CONFIG_FIELD_LIST },
  links: { agent: { 'Agent.id': 'agentId' } },
  owner: 'agentId',
  instant: 'createdInstant',
  constants: { isDurationMeasured: true },
  positionOf,
};
