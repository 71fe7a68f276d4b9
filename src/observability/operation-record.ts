import type { GraphQLError } from 'graphql';

/** Longer names are cut: they come from anybody. */
const MAX_NAME = 100;

/** What is recorded of one request for GraphQL: no variables, no credentials. */
export class OperationRecord {
  readonly requestId: string;
  /** The name that the document gives it. */
  name: string | undefined;
  /** `OK`, or the code of the first error. */
  code = 'OK';
  /** Upstream requests that were made or joined for it. */
  upstreamRequests = 0;

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  finish(name: string | undefined, errors: readonly Pick<GraphQLError, 'extensions'>[]): void {
    this.name = name?.slice(0, MAX_NAME);
    const [first] = errors;
    if (first === undefined) return;
    const code = first.extensions?.['code'];
    this.code = typeof code === 'string' ? code : 'GRAPHQL_ERROR';
  }
}
