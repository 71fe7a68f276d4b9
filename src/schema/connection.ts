import type { ArgBuilder, InterfaceRef, ObjectRef } from '@pothos/core';
import { withArticle } from '../lists/list.ts';
import type { Page } from '../lists/pages/build-page.ts';
import type { PageRules } from '../lists/pages/page-arguments.ts';
import { builder, type Types } from './builder.ts';

/** Tells the engine that rows came with their list: no field pays for their look-up. */
export const COMES_WITH_LIST = { comesWithList: true };

/** The position of a page in its list. Cursors are written when they are asked for. */
interface PagePosition extends Pick<Page<unknown>, 'hasNextPage' | 'hasPreviousPage'> {
  readonly startCursor: () => string | null;
  readonly endCursor: () => string | null;
}

const PageInfoRef = builder.objectRef<PagePosition>('PageInfo').implement({
  description: 'Whether the list goes on beyond a page, and the cursors of its ends.',
  fields: (t) => ({
    hasNextPage: t.boolean({
      description: 'Whether anything in the list comes after this page. Exact for `first` and `last` alike.',
      resolve: ({ hasNextPage }) => determined(hasNextPage),
    }),
    hasPreviousPage: t.boolean({
      description: 'Whether anything in the list comes before this page. Exact for `first` and `last` alike.',
      resolve: ({ hasPreviousPage }) => determined(hasPreviousPage),
    }),
    startCursor: t.string({
      nullable: true,
      description: 'The cursor of the first edge; null for an empty page.',
      resolve: ({ startCursor }) => startCursor(),
    }),
    endCursor: t.string({
      nullable: true,
      description: 'The cursor of the last edge; null for an empty page.',
      resolve: ({ endCursor }) => endCursor(),
    }),
  }),
});

/** A plan determines a flag only if the flag is selected, so undefined is an unexpected error. */
function determined(flag: boolean | undefined): boolean {
  if (flag === undefined) throw new Error('A page flag is selected, but the plan did not determine it');
  return flag;
}

/**
 * Defines the connection and edge types of a list. An edge is represented by its row: the cursor is
 * encoded when it is resolved.
 */
export function connectionOf<Row extends object, RowPage extends Page<Row> = Page<Row>>(
  node: ObjectRef<Types, Row> | InterfaceRef<Types, Row>,
  rules: PageRules,
  cursorOf: (row: Row) => string,
): ObjectRef<Types, RowPage> {
  const { noun } = rules;
  const edge = builder.objectRef<Row>(`${node.name}Edge`);
  const optionalCursor = (row: Row | undefined) => (row === undefined ? null : cursorOf(row));
  const connection = builder.objectRef<RowPage>(`${node.name}Connection`).implement({
    description: `A page of ${noun}s, as defined by the Relay cursor connections specification.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: `The ${noun}s of the page with their cursors, in the order of the list for \`first\` and \`last\` alike.`,
        resolve: ({ rows }) => rows,
      }),
      nodes: t.field({
        type: [node],
        extensions: COMES_WITH_LIST,
        description: `The ${noun}s of the page, in the same order as \`edges\`.`,
        resolve: ({ rows }) => rows,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: 'The position of the page in its list; flags that are not selected take no requests.',
        resolve: ({ hasNextPage, hasPreviousPage, rows }) => ({
          hasNextPage,
          hasPreviousPage,
          startCursor: () => optionalCursor(rows.at(0)),
          endCursor: () => optionalCursor(rows.at(-1)),
        }),
      }),
    }),
  });
  edge.implement({
    description: `One of the ${noun}s of a page, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: `The position of the ${noun}, for use as \`after\` or \`before\`. Opaque; it never changes.`,
        resolve: cursorOf,
      }),
      node: t.field({
        type: node,
        extensions: COMES_WITH_LIST,
        description: `The ${noun}, as in \`nodes\`.`,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos can't work out the type of a type parameter.
        resolve: (row) => row as never,
      }),
    }),
  });
  return connection;
}

/** Defines the four arguments of a connection. */
export function pageArguments(arg: ArgBuilder<Types>, rules: PageRules) {
  const { noun } = rules;
  const size = `0 to ${rules.maxRows}`;
  const cursor = `cursor in the list's order: a cursor, or the id of ${withArticle(noun)}. That ${noun} is not included`;
  return {
    first: arg.int({
      description: `The number of ${noun}s from the start of the list, ${size}; ${rules.defaultRows} if neither \`first\` nor \`last\` is given.`,
    }),
    after: arg.string({ description: `Only ${noun}s that come after this ${cursor}.` }),
    last: arg.int({
      description: `The number of ${noun}s from the end of the list, ${size}, in list order. Cannot be combined with \`first\`.`,
    }),
    before: arg.string({ description: `Only ${noun}s that come before this ${cursor}.` }),
  };
}

/** Options of a field that returns a page. @param assumedSize the rows that the price assumes without `first` and `last` */
export function pageField<Connection>(type: ObjectRef<Types, Connection>, assumedSize: number, weight = 5) {
  const listSize = {
    assumedSize,
    slicingArguments: ['first', 'last'],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  };
  return { type, nullable: true as const, directives: { cost: { weight }, listSize } };
}
