import { hash } from 'node:crypto';
import { ApolloClient, type ApolloLink, HttpLink, InMemoryCache } from '@apollo/client';
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries';
import { relayStylePagination } from '@apollo/client/utilities';
import { generatePersistedQueryIdsFromManifest } from '@apollo/persisted-query-lists';
import manifest from './__generated__/persisted-documents.json' with { type: 'json' };

/** The types that the interfaces of messages stand for, by which the cache knows which fragments match. */
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

/**
 * How queries are sent: as texts; by the ids in `__generated__/persisted-documents.json`; or by hashes,
 * and as texts where the gateway doesn't know them (automatic persisted queries).
 */
export type Sending = 'texts' | 'ids' | 'hashes';

const LINKS = {
  ids: () => new PersistedQueryLink(generatePersistedQueryIdsFromManifest({ loadManifest: () => manifest })),
  hashes: () =>
    new PersistedQueryLink({ sha256: (text) => hash('sha256', text), useGETForHashedQueries: true }),
} satisfies Record<Exclude<Sending, 'texts'>, () => ApolloLink>;

/** Every argument but those of the page: what differs in one of them is another list. */
const argumentsOfList = (args: object | null): string[] =>
  Object.keys(args ?? {}).filter((name) => !['first', 'after', 'last', 'before'].includes(name));

/** A client whose cache keeps each list as one, however many pages it came in. */
export function createClient(url: string, sending: Sending = 'texts'): ApolloClient {
  const http = new HttpLink({ uri: url });
  const cache = new InMemoryCache({
    possibleTypes: POSSIBLE_TYPES,
    typePolicies: {
      Query: { fields: { runs: relayStylePagination(argumentsOfList) } },
      Run: { fields: { messages: relayStylePagination(argumentsOfList) } },
      // Its id comes from a model provider, and may repeat: it is kept with its message.
      RunToolCall: { keyFields: false },
    },
  });
  return new ApolloClient({ link: sending === 'texts' ? http : LINKS[sending]().concat(http), cache });
}
