import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { encodeCursor } from '../lists/pages/cursor.ts';
import { readPageArguments } from '../lists/pages/page-arguments.ts';
import type { Context } from '../loaders/context.ts';
import type { RunPage } from '../loaders/run-lists.ts';
import type { RUN_FILTERS } from '../runs/run-filters.ts';
import { readRunOrder, RUN_LIST } from '../runs/run-list.ts';
import type { Run } from '../runs/run.ts';
import { builder, COUNT_DIRECTIVES, type Types } from './builder.ts';
import { connectionOf, pageField } from './connection.ts';
import { RunOrderFieldEnum } from './enums.ts';
import { type ArgumentTable, readRunFilter } from './filter-arguments.ts';
import { listArguments, type ListInput } from './list-page.ts';
import { RunCountRef } from './run-counts.ts';
import { RunRef } from './run.ts';
import { pageNeeds } from './selected-fields.ts';

const RunConnectionRef = connectionOf<Run, RunPage>(RunRef, RUN_LIST, (run) =>
  encodeCursor(RUN_LIST.positionOf(run)),
);

/** The price of two lists, since `beginEvents` reads two. */
const EVENTS_CURSOR_DIRECTIVES = { cost: { weight: 10 } };

builder.objectField(RunConnectionRef, 'totalCount', (t) =>
  t.field({
    type: RunCountRef,
    nullable: true,
    description:
      'How many runs match the filters, wherever the page begins and ends. The runs API does not count, so its list is read, at most `SCAN_BUDGET` rows; a list that the page shows as a whole takes no further request.',
    directives: COUNT_DIRECTIVES,
    resolve: async ({ count }) => {
      const { rows, isWhole } = await count();
      return { value: rows.length, isWhole };
    },
  }),
);

builder.objectField(RunConnectionRef, 'eventsCursor', (t) =>
  t.string({
    description:
      'The cursor of the events that follow this page: `runEvents(after: …)` with it and the filters of the list tells everything that has changed since, of all runs that the list had or gets. The active runs and the newest ones are read for it, two requests ahead of the page. What it has no room for, among more than 200 active runs, ends the subscription with `CURSOR_TOO_OLD`; so does it for a page with an active run that is older than the newest 1000 active ones.',
    directives: EVENTS_CURSOR_DIRECTIVES,
    resolve: ({ eventsCursor }) => eventsCursor(),
  }),
);

export const RUN_PAGE = pageField(RunConnectionRef, RUN_LIST.defaultRows);

/** The description of `order`, of runs and of agents. */
export const ORDER = 'Newest or oldest first, by time of creation. DESC, newest first, if none is given.';

/** Defines the arguments of a list of runs, in their order in the schema. @param table those that select runs */
export function runListArguments<Table extends ArgumentTable>(arg: ArgBuilder<Types>, table: Table) {
  return {
    ...listArguments(arg, { ...RUN_LIST, filters: table }, ORDER),
    orderBy: arg({
      type: RunOrderFieldEnum,
      description: 'The field to sort by. CREATED_AT, the default, is the only one (REST: `order_by`).',
    }),
    ascending: arg.boolean({
      description: 'If true, oldest first. False has no effect.',
      deprecationReason: 'Deprecated in REST. Use `order: ASC`.',
    }),
  };
}

type RunListInput = ListInput<typeof RUN_FILTERS> & Parameters<typeof readRunOrder>[0];

/**
 * Resolves a field to a page of runs. Requests only what the selected fields need.
 *
 * @throws ArgumentError, InvalidCursorError, UpstreamError
 */
export async function resolveRunPage(
  args: RunListInput,
  { runs }: Context,
  info: GraphQLResolveInfo,
): Promise<RunPage> {
  const page = readPageArguments(args, RUN_LIST);
  return runs.page({ ...page, order: readRunOrder(args), filter: readRunFilter(args) }, pageNeeds(info));
}
