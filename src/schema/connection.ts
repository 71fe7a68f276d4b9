import type { ArgBuilder, InterfaceRef, ObjectRef } from '@pothos/core';
import type { CursorFormat } from '../lists/list.ts';
import type { Page } from '../lists/pages/connection.ts';
import {
  type ConnectionArguments,
  type PageArguments,
  readPageArguments,
} from '../lists/pages/page-arguments.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from '../runs/limits.ts';
import { builder } from './builder.ts';
import { PageInfoRef } from './page-info.ts';

type Types = typeof builder.$inferSchemaTypes;

/** What the rows of a list are called in descriptions, such as `run` and `runs`. */
export interface ListNames {
  readonly one: string;
  readonly many: string;
  /** Whether they are the items of one run, oldest first, rather than a list that is filtered and sorted. */
  readonly isOfRun?: boolean;
}

/** Tells the engine that what shares the look-up of a row has been paid for. */
export const COMES_WITH_LIST = { comesWithList: true };

/**
 * Defines the connection and edge types of a list. An edge is represented by its row: the cursor is
 * encoded when it is resolved.
 */
export function connectionOf<Row extends object, RowPage extends Page<Row> = Page<Row>>(
  node: ObjectRef<Types, Row> | InterfaceRef<Types, Row>,
  names: ListNames,
  cursorOf: (row: Row) => string,
): ObjectRef<Types, RowPage> {
  const { one, many } = names;
  const texts = textsOf(names);
  const connection = builder.objectRef<RowPage>(`${node.name}Connection`);
  const edge = builder.objectRef<Row>(`${node.name}Edge`);
  const optionalCursor = (row: Row | undefined) => (row === undefined ? null : cursorOf(row));
  connection.implement({
    description: `One page of ${texts.list}, as defined by the Relay cursor connections specification.`,
    fields: (t) => ({
      edges: t.field({
        type: [edge],
        description: `The ${many} of the page with their cursors${texts.order}.`,
        resolve: ({ rows }) => rows,
      }),
      nodes: t.field({
        type: [node],
        extensions: COMES_WITH_LIST,
        description: `The ${many} of the page, in the same order as \`edges\`.`,
        resolve: ({ rows }) => rows,
      }),
      pageInfo: t.field({
        type: PageInfoRef,
        description: `The position of the page ${texts.position}.`,
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
    description: `${texts.item}, with its cursor.`,
    fields: (t) => ({
      cursor: t.string({
        description: `The position of this ${one}, for use as \`after\` or \`before\`. Opaque and stable: it ${texts.stability}.`,
        resolve: cursorOf,
      }),
      node: t.field({
        type: node,
        extensions: COMES_WITH_LIST,
        description: `The ${one}.`,
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Pothos can't work out the type of a type parameter.
        resolve: (row) => row as never,
      }),
    }),
  });
  return connection;
}

/** Defines the four arguments of a connection. */
export function pageArguments(arg: ArgBuilder<Types>, names: ListNames) {
  const { many, isOfRun } = names;
  const { direction, cursor } = textsOf(names);
  const size = `0 to ${MAX_LIST_ROWS}`;
  return {
    first: arg.int({
      description: `The number of ${many} to return from the start of the list, ${size}; ${DEFAULT_LIST_ROWS} if neither \`first\` nor \`last\` is given${isOfRun ? '' : ' (REST: `limit`)'}.`,
    }),
    after: arg.string({ description: `Only ${many} that come after this cursor${cursor}` }),
    last: arg.int({
      description: `The number of ${many} to return from the end of the list, ${size}, ${direction}. Cannot be combined with \`first\`.`,
    }),
    before: arg.string({ description: `Only ${many} that come before this cursor${cursor}` }),
  };
}

/** Validates these arguments. @throws ArgumentError, InvalidCursorError */
export function readPage(
  args: ConnectionArguments,
  { one }: ListNames,
  cursors: CursorFormat,
): PageArguments {
  const rules = { maxRows: MAX_LIST_ROWS, defaultRows: DEFAULT_LIST_ROWS, cursors };
  return readPageArguments(args, { ...rules, row: withArticle(one) });
}

/** For fields that return a page. @param assumedSize the number of rows that its price assumes if none is given */
export function pageDirectives(weight: number, assumedSize: number) {
  return {
    cost: { weight },
    listSize: {
      assumedSize,
      slicingArguments: ['first', 'last'],
      sizedFields: ['edges', 'nodes'],
      requireOneSlicingArgument: false,
    },
  };
}

/** The phrases that differ between the two sorts of lists. */
function textsOf({ one, many, isOfRun = false }: ListNames) {
  const aRow = withArticle(one);
  return isOfRun
    ? {
        list: `the ${many} of a run`,
        item: `One of the ${many} of a run`,
        order: ', oldest first',
        position: `among the ${many} of the run`,
        stability: 'stays the same while the run goes on',
        direction: 'oldest first',
        cursor: `: a cursor, or the id of ${aRow}, which is not included.`,
      }
    : {
        list: `a list of ${many}`,
        item: `${aRow.replace('a', 'A')} in a list`,
        order: '. Their order does not depend on the direction of pagination',
        position: `in the list of the ${many} that match the filters`,
        stability: 'never changes',
        direction: 'in list order',
        cursor: ` in the list's order: a cursor, or the id of ${aRow}. The ${one} at the cursor is not included.`,
      };
}

function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}
