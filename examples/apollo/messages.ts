import { ApolloClient, gql, HttpLink, InMemoryCache, type TypedDocumentNode } from '@apollo/client';
import { relayStylePagination } from '@apollo/client/utilities';

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

interface Data {
  readonly run: {
    readonly messages: {
      readonly edges: readonly { readonly node: Message }[];
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
    } | null;
  } | null;
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

/** The types that the interfaces stand for, by which the cache knows which fragments match. */
export const POSSIBLE_TYPES = {
  RunMessage: [
    'RunSystemMessage',
    'RunUserMessage',
    'RunAssistantMessage',
    'RunReasoningMessage',
    'RunHiddenReasoningMessage',
    'RunToolCallMessage',
    'RunToolReturnMessage',
    'RunApprovalRequestMessage',
    'RunApprovalResponseMessage',
    'RunSummaryMessage',
    'RunEventMessage',
    'RunUnrecognizedMessage',
  ],
  RunContentMessage: ['RunSystemMessage', 'RunUserMessage', 'RunAssistantMessage'],
};

/** A cache that keeps the messages of each run as one list, however many pages they came in. */
function createCache(): InMemoryCache {
  return new InMemoryCache({
    possibleTypes: POSSIBLE_TYPES,
    typePolicies: {
      Run: { fields: { messages: relayStylePagination(['types']) } },
      // Its id comes from a model provider, and may repeat: it is kept with its message.
      RunToolCall: { keyFields: false },
    },
  });
}

/** Brings all messages of a run into the cache, a page at a time, and returns what the cache has. */
export async function readMessages(url: string, id: string, first = 50): Promise<Message[]> {
  const client = new ApolloClient({ link: new HttpLink({ uri: url }), cache: createCache() });
  const variables = { id, first };
  await client.query({ query: MESSAGES, variables });
  const query = client.watchQuery({ query: MESSAGES, variables });
  for (;;) {
    const list = client.readQuery({ query: MESSAGES, variables })?.run?.messages;
    if (!list) throw new Error('The messages are not in the cache.');
    if (!list.pageInfo.hasNextPage) return list.edges.map(({ node }) => node);
    await query.fetchMore({ variables: { id, first, after: list.pageInfo.endCursor } });
  }
}
