import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLFieldConfig,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  Kind,
  type SelectionSetNode,
} from 'graphql';
import type { Page } from '../../pagination/connection.ts';
import type { Run } from '../../runs/run.ts';
import { PageLeaf, type PageProgram } from '../rows/page-leaf.ts';
import { RowLeaf } from '../rows/row-leaf.ts';
import type { RowProgram } from '../rows/row-program.ts';
import type { MergedField } from './merge-selections.ts';

/** The type of fields that are answered with a page of runs. */
export const CONNECTION = 'RunConnection';
/** What fields of the executed schema begin with that are answered by one value. */
const LEAF = '_rows';
const leafType = new GraphQLScalarType({ name: LEAF });

/** What the leaves of the rewritten documents write; gone with the document. */
const rowPrograms = new WeakMap<FieldNode, RowProgram>();
const pagePrograms = new WeakMap<FieldNode, PageProgram>();

type FieldConfig = GraphQLFieldConfig<unknown, unknown>;

/** The rows of what the resolvers give for these types. */
const ROWS: Readonly<Record<string, (source: unknown) => readonly Run[]>> = {
  [CONNECTION]: (source) => pageOf(source).rows,
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What both types are implemented for.
  Run: (source) => [source as Run],
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- An edge is its run.
  RunEdge: (source) => [source as Run],
};

function pageOf(source: unknown): Page<Run> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the type is implemented for.
  return source as Page<Run>;
}

/** The schema that is executed: the one that is served, and fields for rows and pages as one value. */
export function withLeaves(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (object) => {
      const config = object.toConfig();
      const added: Record<string, FieldConfig> = {};
      for (const [name, field] of Object.entries(config.fields)) {
        if (getNamedType(field.type).name === CONNECTION) added[LEAF + name] = pageField(field);
      }
      const rows = ROWS[object.name];
      if (rows !== undefined) added[LEAF] = rowField(rows, object.name === CONNECTION);
      return new GraphQLObjectType({ ...config, fields: { ...config.fields, ...added } });
    },
  });
}

function rowField(rows: (source: unknown) => readonly Run[], isList: boolean): FieldConfig {
  return {
    type: leafType,
    resolve: (source, _args, _context, info) =>
      new RowLeaf(rows(source), programOf(rowPrograms, info), isList),
  };
}

/** The same arguments and resolver, and the page as a leaf. */
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
      // Not a promise of its own: errors would come later than those of fields beside it, in another
      // order than by the served schema.
      // oxlint-disable-next-line unicorn/no-thenable, promise/no-callback-in-promise -- As said.
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

/** With the names of what is selected, by which the resolver tells what to ask the upstream for. */
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
    // Of rows, no resolver looks at more than that they are wanted.
    return { kind: Kind.FIELD, name, ...(field.name === 'pageInfo' && { selectionSet: namesBelow(field) }) };
  });
  return { kind: Kind.SELECTION_SET, selections };
}
