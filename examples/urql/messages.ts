import { Client, fetchExchange, gql, type TypedDocumentNode } from '@urql/core';
import { cacheExchange } from '@urql/exchange-graphcache';
import { relayPagination } from '@urql/exchange-graphcache/extras';
import { loadSchema } from './schema.ts';

/** A message, with what some of the kinds have. */
export interface Message {
  readonly __typename: string;
  readonly id: string;
  readonly messageId: string | null;
  readonly stepId: string | null;
  readonly text?: string | null;
  readonly reasoning?: string | null;
  readonly toolCalls?: readonly { readonly name: string | null; readonly arguments: string | null }[];
}

interface MessageConnection {
  readonly edges: readonly { readonly node: Message }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Data {
  readonly run: { readonly messages: MessageConnection | null } | null;
}

interface Variables {
  readonly id: string;
  readonly first: number;
  readonly after?: string | null;
}

const MESSAGES: TypedDocumentNode<Data, Variables> = gql`
  query Messages($id: ID!, $first: Int!, $after: String) {
    run(id: $id) {
      id
      messages(first: $first, after: $after) {
        edges {
          cursor
          node {
            __typename
            id
            messageId
            stepId
            ... on RunContentMessage {
              text
            }
            ... on RunReasoningMessage {
              reasoning
            }
            ... on RunToolCallMessage {
              toolCalls {
                id
                name
                arguments
              }
            }
          }
        }
        pageInfo {
          hasNextPage
          endCursor
        }
      }
    }
  }
`;

/**
 * A client whose cache joins the pages of each run's messages. It has the schema, by which it knows
 * which fragments match a message.
 */
async function createClient(url: string): Promise<Client> {
  const cache = cacheExchange({
    schema: await loadSchema(url),
    resolvers: { Run: { messages: relayPagination() } },
    // Its id comes from a model provider, and may repeat: it is kept with its message.
    keys: { RunToolCall: () => null },
  });
  return new Client({ url, exchanges: [cache, fetchExchange] });
}

/** The list as the cache has it after this page: all pages so far. */
async function load(client: Client, variables: Variables): Promise<MessageConnection> {
  const { data, error } = await client.query(MESSAGES, variables).toPromise();
  const list = data?.run?.messages;
  if (!list) throw error ?? new Error('There is no such run.');
  return list;
}

/** Brings all messages of a run into the cache, a page at a time, and returns what the cache has. */
export async function readMessages(url: string, id: string, first = 50): Promise<Message[]> {
  const client = await createClient(url);
  let list = await load(client, { id, first });
  while (list.pageInfo.hasNextPage) {
    list = await load(client, { id, first, after: list.pageInfo.endCursor });
  }
  return list.edges.map(({ node }) => node);
}
