import type { GraphQLResolveInfo } from 'graphql';
import { loadRunPage } from '../../loaders/run-page.ts';
import type { PageNeeds } from '../../pagination/plan.ts';
import type { Context } from '../context.ts';
import type { RunPage } from './connection-types.ts';
import { type ListInput, readListArguments } from './list-arguments.ts';
import { selectedFields } from './selection.ts';

/**
 * Resolves a field to a page of runs. Requests only what the selected fields need.
 *
 * @throws PageArgumentError, RunArgumentError, InvalidCursorError, UpstreamError
 */
export async function resolveRunPage(
  args: ListInput,
  context: Context,
  info: GraphQLResolveInfo,
): Promise<RunPage> {
  const selected = selectedFields(info.fieldNodes, info);
  const pageInfo = selectedFields(selected.get('pageInfo') ?? [], info);
  const needs = pageNeeds(new Set(selected.keys()), new Set(pageInfo.keys()));
  return loadRunPage({ ...readListArguments(args), needs }, context);
}

/** Returns what to load, by the names of the fields selected on a connection and on its page info. */
function pageNeeds(connection: ReadonlySet<string>, pageInfo: ReadonlySet<string>): PageNeeds {
  return {
    // All fields of a connection but these two show rows, including fields added later.
    rows:
      connection.keys().some((name) => name !== 'pageInfo' && name !== '__typename') ||
      ['startCursor', 'endCursor'].some((name) => pageInfo.has(name)),
    hasNextPage: pageInfo.has('hasNextPage'),
    hasPreviousPage: pageInfo.has('hasPreviousPage'),
  };
}
