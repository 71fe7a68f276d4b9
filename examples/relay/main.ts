import process from 'node:process';
import { createOperationDescriptor, fetchQuery, type IEnvironment } from 'relay-runtime';
import { waitForFragmentData } from 'relay-runtime/experimental.js';
import type { RunList$data, RunList$key } from './__generated__/RunList.graphql.ts';
import type { RunQuery as RunQueryType } from './__generated__/RunQuery.graphql.ts';
import type { RunRow$data, RunRow$key } from './__generated__/RunRow.graphql.ts';
import type { RunsPageQuery as RunsPageQueryType } from './__generated__/RunsPageQuery.graphql.ts';
import type { RunsQuery as RunsQueryType } from './__generated__/RunsQuery.graphql.ts';
import { RunList, RunQuery, RunRow, RunsPageQuery, RunsQuery } from './artifacts.ts';
import { createEnvironment } from './network.ts';

const PAGE_SIZE = 50;

export type RunFilters = Omit<RunsQueryType['variables'], 'count'>;
type Edge = NonNullable<RunList$data['runs']>['edges'][number];

/** Brings all runs into one connection of the store, and returns what the store has there. */
export async function loadRuns(
  environment: IEnvironment,
  filters: RunFilters = {},
): Promise<readonly Edge[]> {
  const variables = { ...filters, count: PAGE_SIZE };
  // What nobody retains, the store may forget.
  environment.retain(createOperationDescriptor(RunsQuery, variables));
  const query = await fetchQuery<RunsQueryType>(environment, RunsQuery, variables).toPromise();
  if (query === undefined) throw new Error('The query was cancelled.');
  while (true) {
    // The fragment that was read first now has the rows of all pages.
    const { runs } = await waitForFragmentData<RunList$key>(environment, RunList, query);
    if (!runs?.pageInfo.hasNextPage) return runs?.edges ?? [];
    const page = { ...variables, cursor: runs.pageInfo.endCursor };
    await fetchQuery<RunsPageQueryType>(environment, RunsPageQuery, page).toPromise();
  }
}

/** What the store knows of a run in a list; asks nobody. */
export async function readRow(environment: IEnvironment, { node }: Edge): Promise<RunRow$data> {
  return waitForFragmentData<RunRow$key>(environment, RunRow, node);
}

/** Fetches one run anew by `node(id:)`. Lists that hold it see it too: it is the same record. */
export async function refetchRun(environment: IEnvironment, id: string): Promise<void> {
  await fetchQuery<RunQueryType>(environment, RunQuery, { id }).toPromise();
}

/** The ids of all runs, in the order of the list. */
export async function walkForward(
  url: string,
  filters?: RunFilters,
  options?: { byId: boolean },
): Promise<string[]> {
  const edges = await loadRuns(createEnvironment(url, options), filters);
  return edges.map(({ node }) => node.id);
}

if (import.meta.main) {
  const url = process.argv[2] ?? process.env['GATEWAY_URL'] ?? 'http://127.0.0.1:4000/graphql';
  const environment = createEnvironment(url);
  const edges = await loadRuns(environment, { statuses: ['FAILED'] });
  process.stdout.write(`${edges.length} failed runs are in the store.\n`);
  const [newest] = edges;
  if (newest !== undefined) {
    await refetchRun(environment, newest.node.id);
    const { id, status, createdAt } = await readRow(environment, newest);
    process.stdout.write(`The newest, asked for again: ${id} ${status} ${createdAt}\n`);
  }
}
