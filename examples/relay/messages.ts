import { createOperationDescriptor, fetchQuery } from 'relay-runtime';
import { waitForFragmentData } from 'relay-runtime/experimental.js';
import type { RunMessages$data, RunMessages$key } from './__generated__/RunMessages.graphql.ts';
import type { RunMessagesPageQuery as PageQueryType } from './__generated__/RunMessagesPageQuery.graphql.ts';
import type { RunMessagesQuery as QueryType } from './__generated__/RunMessagesQuery.graphql.ts';
import { RunMessages, RunMessagesPageQuery, RunMessagesQuery } from './artifacts.ts';
import { createEnvironment } from './network.ts';

export type Message = NonNullable<RunMessages$data['messages']>['edges'][number]['node'];

/** Brings all messages of a run into the store, a page at a time, and returns what the store has. */
export async function readMessages(url: string, id: string, count = 50): Promise<Message[]> {
  const environment = createEnvironment(url);
  environment.retain(createOperationDescriptor(RunMessagesQuery, { id, count }));
  const query = await fetchQuery<QueryType>(environment, RunMessagesQuery, { id, count }).toPromise();
  if (!query?.run) throw new Error('There is no such run.');
  for (;;) {
    const { messages } = await waitForFragmentData<RunMessages$key>(environment, RunMessages, query.run);
    if (!messages?.pageInfo.hasNextPage) return messages?.edges.map(({ node }) => node) ?? [];
    const page = { id, count, cursor: messages.pageInfo.endCursor };
    await fetchQuery<PageQueryType>(environment, RunMessagesPageQuery, page).toPromise();
  }
}
