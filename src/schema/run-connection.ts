import type { GraphQLResolveInfo } from 'graphql';
import type { Page, PageNeeds } from '../lists/pages/connection.ts';
import { encodeCursor } from '../lists/pages/cursor.ts';
import type { Context } from '../loaders/context.ts';
import type { RunListArguments } from '../loaders/runs.ts';
import { DEFAULT_LIST_ROWS } from '../runs/limits.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import { builder, COUNT_DIRECTIVES } from './builder.ts';
import { connectionOf, pageDirectives } from './connection.ts';
import { type ListInput, readListArguments, RUN_LIST_NAMES } from './list-arguments.ts';
import { type RunCount, RunCountRef } from './run-count.ts';
import { RunRef } from './run.ts';
import { askedOf } from './selection.ts';

interface RunPage extends Page<Run> {
  /** Counts the runs of the whole list. */
  readonly count?: () => Promise<RunCount>;
}

const RunConnectionRef = connectionOf<Run, RunPage>(RunRef, RUN_LIST_NAMES, (run) =>
  encodeCursor(positionOf(run)),
);

builder.objectField(RunConnectionRef, 'totalCount', (t) =>
  t.field({
    type: RunCountRef,
    nullable: true,
    description:
      'How many runs match the filters, wherever the page begins and ends. The runs API does not count, so its list is read, at most `SCAN_BUDGET` rows; a list that the page shows as a whole takes no further request.',
    directives: COUNT_DIRECTIVES,
    resolve: ({ count }) => {
      if (count === undefined) throw new Error('totalCount is selected, but the page does not count');
      return count();
    },
  }),
);

/** For fields that return a page of runs. */
export const RUN_PAGE = {
  type: RunConnectionRef,
  nullable: true,
  directives: pageDirectives(5, DEFAULT_LIST_ROWS),
} as const;

/**
 * Resolves a field to a page of runs. Requests only what the selected fields need.
 *
 * @throws ArgumentError, InvalidCursorError, UpstreamError
 */
export async function resolveRunPage(
  args: ListInput,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<RunPage> {
  const { needs, counts } = askedOf(info);
  const listArguments = readListArguments(args);
  const page = await context.runs.page(listArguments, needs);
  if (!counts) return page;
  return { ...page, count: () => countOf(listArguments, needs, page, context) };
}

/** Counts a list: by its page, if that is the whole list, or else by reading it. */
async function countOf(
  { after, before, size, ...selection }: RunListArguments,
  { rows: hasRows }: PageNeeds,
  { rows }: Page<Run>,
  { runs }: Context,
): Promise<RunCount> {
  const isShown = hasRows && after === null && before === null && rows.length < size;
  const counted = isShown ? { rows, isWhole: true } : await runs.readAll(selection);
  return { value: counted.rows.length, isWhole: counted.isWhole };
}
