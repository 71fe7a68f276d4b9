import { gql, type TypedDocumentNode } from '@apollo/client';

/** All arguments of `runs` but those of the page: what differs in one of them is another list. */
export const FILTERS = [
  'statuses',
  'active',
  'stopReason',
  'agentId',
  'agentIds',
  'conversationId',
  'background',
  'notStatuses',
  'stopReasons',
  'notStopReasons',
  'createdAfter',
  'createdBefore',
  'minDurationNs',
  'maxDurationNs',
  'metadata',
  'order',
  'orderBy',
  'ascending',
];

export interface RunFilters {
  readonly statuses?: readonly string[];
  readonly agentId?: string;
}

export type Variables = RunFilters & {
  readonly first?: number;
  readonly after?: string | null;
  readonly last?: number;
  readonly before?: string | null;
};

export interface PageInfo {
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly startCursor: string | null;
  readonly endCursor: string | null;
}

interface Data {
  readonly runs: {
    readonly edges: readonly { readonly node: { readonly id: string } }[];
    readonly pageInfo: PageInfo;
  };
}

export const RUNS: TypedDocumentNode<Data, Variables> = gql`
  query Runs(
    $first: Int
    $after: String
    $last: Int
    $before: String
    $statuses: [RunStatus!]
    $agentId: ID
  ) {
    runs(first: $first, after: $after, last: $last, before: $before, statuses: $statuses, agentId: $agentId) {
      edges {
        cursor
        node {
          id
          status
          createdAt
        }
      }
      pageInfo {
        hasNextPage
        hasPreviousPage
        startCursor
        endCursor
      }
    }
  }
`;
