import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLFieldConfig,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  GraphQLSchema,
  getNamedType,
  Kind,
  SchemaMetaFieldDef,
  type SelectionSetNode,
  TypeMetaFieldDef,
} from 'graphql';
import type { Page } from '../../lists/pages/connection.ts';
import type { Rows } from '../../lists/rows.ts';
import { PageLeaf, type PageProgram } from '../rows/page-leaf.ts';
import { RowLeaf } from '../rows/row-leaf.ts';
import type { RowProgram } from '../rows/row-program.ts';
import { ROW_TABLE, type Row } from '../rows/run-table.ts';
import type { MergedField } from './merge-selections.ts';

/** The prefix of the leaf fields that are added to the executed schema. */
const LEAF = '_rows';
const leafType = new GraphQLScalarType({ name: LEAF });

/** The programs of the leaf fields in rewritten documents; garbage-collected with the document. */
const rowPrograms = new WeakMap<FieldNode, RowProgram>();
const pagePrograms = new WeakMap<FieldNode, PageProgram>();

type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

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
 * Returns the schema that is executed: the served one, with leaf fields for rows and pages, and with fields in place of
 * those for introspection, which show the served one.
 */
export function withLeaves(schema: GraphQLSchema): GraphQLSchema {
  const mapped = mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (object) => {
      const config = object.toConfig();
      const added: Record<string, FieldConfig> = {};
      for (const [name, field] of Object.entries(config.fields)) {
        if (getNamedType(field.type).name === TYPES.page) added[LEAF + name] = pageField(field);
      }
      const rows = ROWS[object.name];
      if (rows !== undefined) added[LEAF] = rowField(rows, object.name === TYPES.page);
      return new GraphQLObjectType({ ...config, fields: { ...config.fields, ...added } });
    },
  });
  return withIntrospection(mapped, schema);
}

/** Introspection has the same types in every schema, which mapping would copy. */
function withIntrospection(mapped: GraphQLSchema, served: GraphQLSchema): GraphQLSchema {
  const { query, types, ...config } = mapped.toConfig();
  if (query == null) return mapped;
  const { fields, ...rest } = query.toConfig();
  const extended = new GraphQLObjectType({ ...rest, fields: { ...fields, ...introspectionFields(served) } });
  const others = types.filter((type) => type !== query);
  return new GraphQLSchema({ ...config, query: extended, types: others });
}

function introspectionFields(served: GraphQLSchema): Record<string, FieldConfig> {
  const { type, args } = TypeMetaFieldDef;
  return {
    [LEAF + SchemaMetaFieldDef.name]: { type: SchemaMetaFieldDef.type, resolve: () => served },
    [LEAF + TypeMetaFieldDef.name]: {
      type,
      args: Object.fromEntries(args.map((argument) => [argument.name, { type: argument.type }])),
      resolve: (_source, { name }) => served.getType(String(name)),
    },
  };
}

function rowField(rows: (source: unknown) => Rows<Row>, isList: boolean): FieldConfig {
  return {
    type: leafType,
    resolve: (source, _args, _context, info) =>
      new RowLeaf(rows(source), programOf(rowPrograms, info), isList),
  };
}

/** Returns a field with the same arguments and resolver that returns the page as a leaf. */
function pageField({ resolve, ...field }: FieldConfig): FieldConfig {
  return {
    ...field,
    type: leafType,
    resolve: (source, args, context, info) => {
      const leafOf = (page: unknown): PageLeaf | null =>
        page === null || page === undefined
          ? null
          : new PageLeaf(pageOf(page), programOf(pagePrograms, info));
      const page: unknown = resolve?.(source, args, context, info);
      if (!(page instanceof Promise)) return leafOf(page);
      // A thenable rather than a new promise, which would settle later and so change the order of
      // errors among sibling fields.
      // oxlint-disable-next-line unicorn/no-thenable, promise/no-callback-in-promise -- See above.
      return { then: (done: (leaf: unknown) => unknown) => page.then((value) => done(leafOf(value))) };
    },
  };
}

function programOf<Program>(programs: WeakMap<FieldNode, Program>, info: GraphQLResolveInfo): Program {
  const [node] = info.fieldNodes;
  const program = node && programs.get(node);
  if (program === undefined) throw new Error('A leaf without a program');
  return program;
}

/** Returns a field for introspection as one that shows the served schema; any other field as it is. */
export function ofServedSchema(node: FieldNode): FieldNode {
  const { name, alias = name } = node;
  const isAboutSchema = name.value === SchemaMetaFieldDef.name || name.value === TypeMetaFieldDef.name;
  return isAboutSchema ? { ...node, alias, name: { ...name, value: LEAF + name.value } } : node;
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
