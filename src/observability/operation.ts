import { type GraphQLError, getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** Longer names are cut: they come from anybody. */
const MAX_NAME = 100;

/** What is recorded of one request for GraphQL: no variables, no credentials. */
export class Operation {
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

  record(name: string | undefined, errors: readonly Pick<GraphQLError, 'extensions'>[]): void {
    this.name = name?.slice(0, MAX_NAME);
    const [first] = errors;
    if (first === undefined) return;
    const code = first.extensions?.['code'];
    this.code = typeof code === 'string' ? code : 'GRAPHQL_ERROR';
  }
}

/** Fills in the record of a request while Yoga serves it. */
export function useOperationRecord(): Plugin<{ operation: Operation }, { operation: Operation }> {
  return {
    onExecute({ args }) {
      const node = getOperationAST(args.document, args.operationName);
      args.contextValue.operation.record(node?.name?.value, []);
    },
    onResultProcess({ result, serverContext: { operation } }) {
      const errors = !Array.isArray(result) && 'errors' in result ? (result.errors ?? []) : [];
      operation.record(operation.name, errors);
    },
  };
}
