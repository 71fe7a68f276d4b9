import type { GraphQLError } from 'graphql';

/** Longer names are truncated: clients choose them. */
const MAX_NAME = 100;

/** What is logged about one GraphQL request: no variables, no credentials. */
export class OperationRecord {
  readonly requestId: string;
  /** The name of the operation in its document. */
  name: string | undefined;
  /** `OK`, or the code of the first error. */
  code = 'OK';
  /** Why it was refused, for the operator, unless it was executed. */
  refusal: string | undefined;
  /** Upstream requests that it started or joined. */
  upstreamRequests = 0;

  constructor(requestId: string) {
    this.requestId = requestId;
  }

  /** @param isRefused whether the gateway refused it, for a reason that holds nothing which the client sent */
  finish(name: string | undefined, errors: readonly GraphQLError[], isRefused = false): void {
    this.name = name?.slice(0, MAX_NAME);
    const [first] = errors;
    if (first === undefined) return;
    if (isRefused) this.refusal = first.message;
    const code = first.extensions?.['code'];
    this.code = typeof code === 'string' ? code : 'GRAPHQL_ERROR';
  }
}
