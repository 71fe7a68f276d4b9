import { getOperationAST } from 'graphql';
import type { Plugin } from 'graphql-yoga';

/** What is recorded of one request for GraphQL: no variables, no credentials. */
export interface Operation {
  readonly requestId: string;
  /** The name that the document gives it. */
  name: string | undefined;
  /** `OK`, or the code of the first error. */
  code: string;
  /** Upstream requests that were made or joined for it. */
  upstreamRequests: number;
}

export function createOperation(requestId: string): Operation {
  return { requestId, name: undefined, code: 'OK', upstreamRequests: 0 };
}

/** Longer names are cut: they come from anybody. */
const MAX_NAME = 100;

/** Fills in the record of a request while Yoga serves it. */
export function useOperationRecord(): Plugin<{ operation: Operation }, { operation: Operation }> {
  return {
    onExecute({ args }) {
      const node = getOperationAST(args.document, args.operationName);
      args.contextValue.operation.name = node?.name?.value.slice(0, MAX_NAME);
    },
    onResultProcess({ result, serverContext }) {
      const first = !Array.isArray(result) && 'errors' in result ? result.errors?.[0] : undefined;
      if (first !== undefined) serverContext.operation.code = codeOf(first.extensions);
    },
  };
}

function codeOf(extensions: Readonly<Record<string, unknown>> | undefined): string {
  const code = extensions?.['code'];
  return typeof code === 'string' ? code : 'GRAPHQL_ERROR';
}
