import { setTimeout as delay } from 'node:timers/promises';
import type { RunsPageQuery, RunsPageQueryVariables } from './__generated__/graphql.ts';
import { GatewayError, hasCode, request } from './request.ts';
import { RunsPage } from './runs-page.ts';

type Page = NonNullable<RunsPageQuery['runs']>;
export type Run = Page['edges'][number]['node'] & { readonly cursor: string };

export interface AllRunsOptions extends Pick<RunsPageQueryVariables, 'statuses' | 'agentId'> {
  readonly url: string;
  /** From the end of the list, so oldest first. @default false */
  readonly backward?: boolean;
  /** Go on behind this run: its cursor or id. @default the start, or the end, of the list */
  readonly from?: string;
  /** @default 50 */
  readonly pageSize?: number;
  /** Whether to send the id of the query instead of its text. @default false */
  readonly byId?: boolean;
  /** How often one page may be refused for coming too soon. @default 3 */
  readonly retries?: number;
}

/**
 * All runs that match, a page at a time as they are asked for.
 *
 * @throws GatewayError, such as INVALID_CURSOR if the run at `from` is gone
 */
export async function* allRuns(options: AllRunsOptions): AsyncGenerator<Run, void, undefined> {
  const { url, backward = false, from, pageSize = 50, byId = false, retries = 3, ...filters } = options;
  let places = from === undefined ? [] : [from];
  while (true) {
    const place = places.at(-1);
    const variables = backward
      ? { ...filters, backward, last: pageSize, before: place }
      : { ...filters, backward, first: pageSize, after: place };
    let page: Page;
    try {
      page = await fetchPage(url, variables, { byId, retries });
    } catch (error) {
      // The last run may have been deleted since. Then the one ahead of it marks the place as well.
      if (!hasCode(error, 'INVALID_CURSOR') || places.length < 2) throw error;
      places.pop();
      continue;
    }
    // Whichever way one pages, the rows of a page keep the order of the list.
    const edges = backward ? page.edges.toReversed() : page.edges;
    for (const { cursor, node } of edges) yield { ...node, cursor };
    if (!(backward ? page.pageInfo.hasPreviousPage : page.pageInfo.hasNextPage)) return;
    places = edges.map(({ cursor }) => cursor);
  }
}

/** One page; waits as long as the upstream asks for, and tries again. */
async function fetchPage(
  url: string,
  variables: RunsPageQueryVariables,
  { byId, retries }: { byId: boolean; retries: number },
): Promise<Page> {
  try {
    const { runs } = await request(url, RunsPage, variables, { byId });
    if (!runs) throw new GatewayError('No runs and no error.', 'UNKNOWN');
    return runs;
  } catch (error) {
    if (!hasCode(error, 'RATE_LIMITED') || retries === 0) throw error;
    await delay((error.retryAfterSeconds ?? 1) * 1000);
    return fetchPage(url, variables, { byId, retries: retries - 1 });
  }
}
