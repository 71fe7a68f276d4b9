import {
  type FieldNode,
  type GraphQLField,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Page } from '../../lists/pages/connection.ts';
import type { Rows } from '../../lists/rows.ts';
import { PageLeaf, type PageProgram } from '../rows/page-leaf.ts';
import { RowLeaf } from '../rows/row-leaf.ts';
import type { RowProgram } from '../rows/row-program.ts';
import { ROW_TABLE, type Row } from '../rows/run-table.ts';
import type { MergedField } from './merge-selections.ts';

/** The prefix of the leaf fields. It is no GraphQL name, so that no client can select them. */
const LEAF = '#rows ';
const leafType = new GraphQLScalarType({ name: 'Rows' });

/** The programs of the leaf fields in rewritten documents; garbage-collected with the document. */
const rowPrograms = new WeakMap<FieldNode, RowProgram>();
const pagePrograms = new WeakMap<FieldNode, PageProgram>();

type Field = GraphQLField<unknown, unknown>;

const TYPES = ROW_TABLE.types;

/** Returns the rows of a source object, by its type. */
const ROWS: Readonly<Record<string, (source: unknown) => Rows<Row>>> = {
  [TYPES.page]: (source) => pageOf(source).rows,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The type is implemented for rows.
  [TYPES.row]: (source) => [source as Row],
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- An edge is represented by its row.
  [TYPES.edge]: (source) => [source as Row],
};

function pageOf(source: unknown): Page<Row> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The type is implemented for pages of rows.
  return source as Page<Row>;
}

/**
 * Adds leaf fields for rows and pages to a schema. They aren't enumerable, so that introspection, printing and
 * mapping don't see them: whoever maps the schema has to do so before.
 */
export function addLeaves(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    const add = (name: string, value: Field): void => {
      Object.defineProperty(fields, name, { value, configurable: true });
    };
    for (const [name, field] of Object.entries(fields)) {
      if (getNamedType(field.type).name === TYPES.page) add(LEAF + name, pageField(field));
    }
    const rows = ROWS[type.name];
    if (rows !== undefined) add(LEAF, rowField(rows, type.name === TYPES.page));
  }
}

function rowField(rows: (source: unknown) => Rows<Row>, isList: boolean): Field {
  return {
    name: LEAF,
    description: undefined,
    type: leafType,
    args: [],
    resolve: (source, _args, _context, info) =>
      new RowLeaf(rows(source), programOf(rowPrograms, info), isList),
    deprecationReason: undefined,
    extensions: {},
    astNode: undefined,
  };
}

/** Returns a field with the same arguments and resolver that returns the page as a leaf. */
function pageField({ resolve, ...field }: Field): Field {
  return {
    ...field,
    type: leafType,
    resolve: async (source, args, context, info) => {
      const page: unknown = await resolve?.(source, args, context, info);
      return page === null || page === undefined
        ? null
        : new PageLeaf(pageOf(page), programOf(pagePrograms, info));
    },
  };
}

function programOf<Program>(programs: WeakMap<FieldNode, Program>, info: GraphQLResolveInfo): Program {
  const [node] = info.fieldNodes;
  const program = node && programs.get(node);
  if (program === undefined) throw new Error('A leaf without a program');
  return program;
}

/** Creates a leaf field for rows. */
export function rowLeaf({ key, nodes: [{ loc }] }: MergedField, program: RowProgram): FieldNode {
  const node: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: LEAF },
    ...(loc !== undefined && { loc }),
  };
  rowPrograms.set(node, program);
  return node;
}

/** Creates a leaf field for a page. It keeps its selections, from which the resolver derives what to load. */
export function pageLeaf(bare: FieldNode, field: MergedField, program: PageProgram): FieldNode {
  const node: FieldNode = {
    ...bare,
    alias: { kind: Kind.NAME, value: field.key },
    name: { kind: Kind.NAME, value: LEAF + field.name },
    selectionSet: namesBelow(field),
  };
  pagePrograms.set(node, program);
  return node;
}

function namesBelow({ objects: [object] }: MergedField): SelectionSetNode {
  const selections = (object?.fields ?? []).map((field): FieldNode => {
    const { name } = field.nodes[0];
    // For rows, resolvers only check that they are selected, not which fields.
    return { kind: Kind.FIELD, name, ...(field.name === 'pageInfo' && { selectionSet: namesBelow(field) }) };
  });
  return { kind: Kind.SELECTION_SET, selections };
}
