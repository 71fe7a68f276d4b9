import type { ArgBuilder } from '@pothos/core';
import type { GraphQLResolveInfo } from 'graphql';
import { loadRunPage } from '../../loaders/run-page.ts';
import { type ConnectionArguments, readWindow } from '../../pagination/page-arguments.ts';
import type { PageNeeds } from '../../pagination/plan.ts';
import type { Context } from '../context.ts';
import type { builder } from './builder.ts';
import type { RunPage } from './connection-types.ts';
import { RunOrderFieldEnum, RunStatusEnum, SortOrderEnum, StopReasonEnum } from './enums.ts';
import { type RunArguments, readRunQuery } from './run-arguments.ts';
import { selectedFields } from './selection.ts';

type ArgumentBuilder = ArgBuilder<typeof builder.$inferSchemaTypes>;

/** The arguments of every list of runs; those that choose agents are the root field's alone. */
export function listArguments(arg: ArgumentBuilder) {
  return {
    first: arg.int({
      description:
        'The number of runs to take from the start, 0 to 1000. With neither `first` nor `last` it is 100 (REST: `limit`).',
    }),
    after: arg.string({
      description: 'Only runs behind this place: a cursor, or the id of a run. The place itself is left out.',
    }),
    last: arg.int({
      description:
        'The number of runs to take from the end, 0 to 1000. They keep the order of the list. Not together with `first`.',
    }),
    before: arg.string({
      description:
        'Only runs ahead of this place: a cursor, or the id of a run. The place itself is left out.',
    }),
    active: arg.boolean({
      description:
        'If true, only runs that are CREATED or RUNNING. False is no filter. Not together with `statuses`.',
    }),
    ascending: arg.boolean({
      description: 'If true, oldest first. False has no effect.',
      deprecationReason: 'REST has deprecated it; use `order: ASC`.',
    }),
    background: arg.boolean({
      description: 'Only runs that were, or were not, made in background mode.',
    }),
    conversationId: arg.id({
      description: 'Only runs of this conversation (REST: `conversation_id`).',
    }),
    order: arg({
      type: SortOrderEnum,
      description: 'The direction of the list; newest first (DESC) if not given.',
    }),
    orderBy: arg({
      type: RunOrderFieldEnum,
      description: 'What the list is sorted by; CREATED_AT is all there is (REST: `order_by`).',
    }),
    statuses: arg({
      type: [RunStatusEnum],
      description: 'Only runs with one of these statuses.',
    }),
    stopReason: arg({
      type: StopReasonEnum,
      description: 'Only runs that ended for this reason (REST: `stop_reason`).',
    }),
  };
}

/** The page of runs that a field asks for. */
export function resolveRunPage(
  args: ConnectionArguments & RunArguments,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<RunPage> {
  const selected = selectedFields(info.fieldNodes, info);
  const pageInfo = selectedFields(selected.get('pageInfo') ?? [], info);
  return loadRuns(args, pageNeeds(new Set(selected.keys()), new Set(pageInfo.keys())), context);
}

/** @throws PageArgumentError, RunArgumentError, InvalidCursorError, UpstreamError */
async function loadRuns(
  args: ConnectionArguments & RunArguments,
  needs: PageNeeds,
  context: Context,
): Promise<RunPage> {
  const window = readWindow(args);
  return loadRunPage({ window, ...readRunQuery(args), needs }, context);
}

/** What has to be asked for, by the names of the fields selected of a connection and its page info. */
function pageNeeds(connection: ReadonlySet<string>, pageInfo: ReadonlySet<string>): PageNeeds {
  return {
    // Rows are what all fields of a connection show but these two, whatever they are called.
    rows:
      connection.keys().some((name) => name !== 'pageInfo' && name !== '__typename') ||
      ['startCursor', 'endCursor'].some((name) => pageInfo.has(name)),
    hasNextPage: pageInfo.has('hasNextPage'),
    hasPreviousPage: pageInfo.has('hasPreviousPage'),
  };
}
