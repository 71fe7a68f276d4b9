import type { ArgBuilder, InterfaceRef, ObjectRef } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import type { Page } from '../../lists/pages/connection.ts';
import { type CursorIds, encodeItemCursor } from '../../lists/pages/cursor.ts';
import { type ConnectionArguments, readPageArguments } from '../../lists/pages/page-arguments.ts';
import { cutPage } from '../../lists/pages/whole-list.ts';
import { ASSUMED_RUN_ITEMS, DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { RunItems } from '../../runs/source.ts';
import { builder, LOOK_UP_DIRECTIVES } from '../builder.ts';
import { PageInfoRef } from '../page-info.ts';
import { selectedFields } from '../selection.ts';

type Types = typeof builder.$inferSchemaTypes;

/** What the items of a list are called, such as `step` and `steps`. */
export interface ItemNames {
  readonly one: string;
  readonly many: string;
}

/** Defines the connection and edge types for lists whose items are read from the start of the list. */
export function itemConnection<Item extends { readonly id: string }>(
  node: ObjectRef<Types, Item> | InterfaceRef<Types, Item>,
  { one, many }: ItemNames,
): ObjectRef<Types, Page<Item>> {
  const connection = builder.objectRef<Page<Item>>(`${node.name}Connection`);
  const edge = builder.objectRef<Item>(`${node.name}Edge`);
  connection.implement({
    description: `One page of the ${many} of a run, as defined by the Relay cursor connections specification.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: `The ${many} of the page with their cursors, oldest first.`,
        resolve: (page) => page.rows,
      }),
      nodes: t.field({
        type: [node],
        description: `The ${many} of the page, in the same order as \`edges\`.`,
        resolve: (page) => page.rows,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: `The position of the page among the ${many} of the run.`,
        resolve: ({ hasNextPage, hasPreviousPage, rows }) => ({
          hasNextPage,
          hasPreviousPage,
          startCursor: () => cursorOf(rows.at(0)),
          endCursor: () => cursorOf(rows.at(-1)),
        }),
      }),
    }),
  });
  edge.implement({
    description: `One of the ${many} of a run, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: `The position of this ${one}, for use as \`after\` or \`before\`. Opaque and stable: it stays the same while the run goes on.`,
        resolve: ({ id }) => encodeItemCursor(id),
      }),
      node: t.field({
        type: node,
        description: `The ${one}.`,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos can't work out the type of a type parameter.
        resolve: (item) => item as never,
      }),
    }),
  });
  return connection;
}

const SIZE = `0 to ${MAX_LIST_ROWS}`;

/** Defines the four arguments of such a connection. */
export function itemArguments(arg: ArgBuilder<Types>, { one, many }: ItemNames) {
  return {
    first: arg.int({
      description: `The number of ${many} to return from the start of the list, ${SIZE}; ${DEFAULT_LIST_ROWS} if neither \`first\` nor \`last\` is given.`,
    }),
    after: arg.string({
      description: `Only ${many} that come after this cursor: a cursor, or the id of a ${one}, which is not included.`,
    }),
    last: arg.int({
      description: `The number of ${many} to return from the end of the list, ${SIZE}, oldest first. Cannot be combined with \`first\`.`,
    }),
    before: arg.string({
      description: `Only ${many} that come before this cursor: a cursor, or the id of a ${one}, which is not included.`,
    }),
  };
}

/** For fields that return a page of a list that nearly always takes one request, however large the page. */
export const ITEM_LIST_DIRECTIVES = {
  ...LOOK_UP_DIRECTIVES,
  listSize: {
    assumedSize: ASSUMED_RUN_ITEMS,
    slicingArguments: ['first', 'last'],
    sizedFields: ['edges', 'nodes'],
    requireOneSlicingArgument: false,
  },
};

/** Cuts a page out of a list. @throws PageArgumentError, InvalidCursorError, UpstreamError */
export async function pageOf<Item extends { readonly id: string }>(
  list: RunItems<Item>,
  args: ConnectionArguments,
  {
    one,
    ids,
    isShown,
  }: { readonly one: string; readonly ids: CursorIds; isShown?: ((item: Item) => boolean) | undefined },
  info: GraphQLResolveInfo,
): Promise<Page<Item>> {
  const rules = { maxSize: MAX_LIST_ROWS, defaultSize: DEFAULT_LIST_ROWS, ids, idOf: `the id of a ${one}` };
  const pageInfo = selectedFields(info.fieldNodes, info).get('pageInfo') ?? [];
  const needsNext = selectedFields(pageInfo, info).has('hasNextPage');
  return cutPage(list, readPageArguments(args, rules), { what: one, isShown, needsNext });
}

function cursorOf(item: { readonly id: string } | undefined): string | null {
  return item === undefined ? null : encodeItemCursor(item.id);
}
