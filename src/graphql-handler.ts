import type { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { type Context, createContext } from './context.ts';
import { toGraphQLError } from './errors.ts';
import { graphiqlOptions, renderGraphiqlPage } from './graphiql.ts';
import type { Log } from './observability/log.ts';
import { type Operation, useOperationRecord } from './observability/operation.ts';
import { UpstreamError } from './runs/errors.ts';
import { schema } from './schema/index.ts';
import type { RunsUpstream } from './upstream/runs-upstream.ts';

/** What is known of a request before Yoga sees it. */
interface ServerContext {
  readonly operation: Operation;
  /** The `Authorization` for the upstream. */
  readonly authorization: string | null;
}

export type GraphqlHandler = (request: Request, context: ServerContext) => Promise<Response>;

/** Answers GraphQL over HTTP, and browsers with GraphiQL. */
export function createGraphqlHandler(upstream: RunsUpstream, log: Log): GraphqlHandler {
  const mask = (error: unknown, requestId: string | undefined): GraphQLError =>
    toGraphQLError(error, requestId, (cause) => report(cause, requestId, log));

  const yoga = createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga answers any address that *ends* in this; no address ends in a space.
    healthCheckEndpoint: ' ',
    // A page of another origin must not read what the gateway's own key can see.
    cors: false,
    graphiql: graphiqlOptions,
    renderGraphiQL: renderGraphiqlPage,
    logging: false,
    // Errors of execution are masked below, where the request is known; this is for all others.
    maskedErrors: { maskError: (error) => mask(error, undefined) },
    plugins: [useErrorMask(mask), useOperationRecord()],
    context: ({ request, operation, authorization }) =>
      createContext(
        upstream.forCaller({
          authorization,
          requestId: operation.requestId,
          signal: request.signal,
          onRequest: () => {
            operation.upstreamRequests++;
          },
        }),
        operation,
      ),
  });
  return async (request, context) => yoga.fetch(request, context);
}

function useErrorMask(mask: (error: unknown, requestId: string) => GraphQLError): Plugin<Context> {
  return {
    onExecute: ({ args }) => ({
      onExecuteDone({ result, setResult }) {
        if (!('errors' in result) || result.errors === undefined) return;
        const { requestId } = args.contextValue.operation;
        setResult({ ...result, errors: result.errors.map((error) => mask(error, requestId)) });
      },
    }),
  };
}

function report(error: unknown, requestId: string | undefined, log: Log): void {
  if (error instanceof UpstreamError) {
    log.warn({ requestId, code: error.code, err: error }, 'The upstream failed');
  } else if (error instanceof Error && error.name === 'AbortError') {
    log.debug({ requestId }, 'The caller has left');
  } else {
    log.error({ requestId, err: error }, 'A bug of the gateway');
  }
}
