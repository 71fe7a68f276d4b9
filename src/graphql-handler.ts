import { GraphQLError } from 'graphql';
import { createYoga, type Plugin } from 'graphql-yoga';
import { createMediaTypes } from './compiled/media-types.ts';
import { createOperationCache } from './compiled/operation-cache.ts';
import { readPost } from './compiled/post.ts';
import { runOperation } from './compiled/run-operation.ts';
import { withErrors } from './compiled/write-result.ts';
import { type Context, createContext } from './context.ts';
import { createDocumentCache, useDocumentLimits } from './document-limits.ts';
import { toGraphQLError } from './errors.ts';
import { graphiqlOptions, renderGraphiqlPage } from './graphiql.ts';
import type { Log } from './observability/log.ts';
import { Operation, useOperationRecord } from './observability/operation.ts';
import { UpstreamError } from './runs/errors.ts';
import { schema } from './schema/index.ts';
import { createCoalescer } from './upstream/coalesce.ts';
import type { RunsUpstream } from './upstream/runs-upstream.ts';
import type { BodyEncoding } from './wire/body-text.ts';

/** Bytes of a request's body. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** What is known of a request before its GraphQL is looked at. */
interface ServerContext {
  readonly operation: Operation;
  /** The `Authorization` for the upstream. */
  readonly authorization: string | null;
}

/** The answer to a POST. */
export interface PostAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** In parts, of which the last may be shared with other answers. */
  readonly body: readonly [head: Uint8Array, data: Uint8Array];
}

/** What equal requests have in common. */
interface CompiledAnswer {
  readonly contentType: string;
  readonly name: string | undefined;
  readonly bytes: Uint8Array;
  /** Not masked yet: each request has an id of its own. */
  readonly errors: readonly GraphQLError[];
}

/** Answers GraphQL over HTTP. */
export interface GraphqlHandler {
  /** Any request; browsers get GraphiQL. */
  handle(request: Request, context: ServerContext): Promise<Response>;
  /**
   * A POST of JSON, if its operation is one for which code was compiled; with the same answer as
   * `handle` would give. Undefined for all others.
   */
  handlePost(
    body: string,
    accept: string | undefined,
    context: ServerContext & { readonly signal: AbortSignal },
  ): Promise<PostAnswer | undefined>;
}

/** @param onJoined told of each request that shares the work of an equal one */
export function createGraphqlHandler(upstream: RunsUpstream, log: Log, onJoined: () => void): GraphqlHandler {
  const mask = (error: unknown, requestId: string | undefined): GraphQLError =>
    toGraphQLError(error, requestId, (cause) => report(cause, requestId, log));
  const contextOf = (
    { operation, authorization }: ServerContext,
    signal: AbortSignal,
    encoding: BodyEncoding,
  ): Context =>
    createContext(
      upstream.forCaller({
        authorization,
        requestId: operation.requestId,
        encoding,
        signal,
        onRequest: () => {
          operation.upstreamRequests++;
        },
      }),
      operation,
    );
  const operations = createOperationCache(schema);

  const yoga = createYoga<ServerContext, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga answers any address that *ends* in this; no address ends in a space.
    healthCheckEndpoint: ' ',
    // A page of another origin must not read what the gateway's own key can see.
    cors: false,
    maxRequestBodySize: MAX_BODY_BYTES,
    graphiql: graphiqlOptions,
    renderGraphiQL: renderGraphiqlPage,
    logging: false,
    // Errors of execution are masked below, where the request is known; this is for all others.
    maskedErrors: { maskError: (error) => badRequest(error) ?? mask(error, undefined) },
    parserAndValidationCache: { documentCache: createDocumentCache(), errorCache: createDocumentCache() },
    plugins: [useDocumentLimits(), useErrorMask(mask), useOperationRecord()],
    context: ({ request, operation, authorization }) =>
      contextOf({ operation, authorization }, request.signal, 'utf8'),
  });

  const mediaTypes = createMediaTypes(async (accept) => {
    const headers = accept === undefined ? {} : { accept };
    const request = new Request('http://gateway/graphql?query={__typename}', { headers });
    return yoga.fetch(request, { operation: new Operation(''), authorization: null });
  });

  const compiledAnswer = async (
    body: string,
    accept: string | undefined,
    context: ServerContext & { readonly signal: AbortSignal },
  ): Promise<CompiledAnswer | undefined> => {
    const post = readPost(body);
    const compiled = post && operations.get(post.query, post.operationName);
    if (post === undefined || compiled === undefined) return undefined;
    const contentType = mediaTypes.known(accept) ?? (await mediaTypes.ask(accept));
    if (contentType === undefined) return undefined;
    const runsContext = contextOf(context, context.signal, 'latin1');
    const result = await runOperation(compiled, post.variables, runsContext);
    if (result === undefined) return undefined;
    return { contentType, name: compiled.name, ...result };
  };
  // Equal requests in flight are one piece of work up to the bytes.
  const answers = createCoalescer<CompiledAnswer | undefined>((kind) => {
    if (kind === 'joined') onJoined();
  });

  return {
    handle: async (request, context) => yoga.fetch(request, context),
    async handlePost(body, accept, context) {
      const { operation, authorization, signal } = context;
      // Credentials first. As JSON, so that no header can be taken for none.
      const key = JSON.stringify([authorization, accept ?? null]) + body;
      const shared = await answers.run(
        key,
        (all) => compiledAnswer(body, accept, { operation, authorization, signal: all }),
        signal,
      );
      if (shared === undefined) return undefined;
      const errors = shared.errors.map((error) => mask(error, operation.requestId));
      operation.record(shared.name, errors);
      return {
        status: 200,
        headers: { 'content-type': shared.contentType },
        body: withErrors(shared.bytes, errors),
      };
    },
  };
}

/** Yoga reads the variables of a GET with `JSON.parse`, and takes its error for one of the server. */
function badRequest(error: unknown): GraphQLError | undefined {
  if (!(error instanceof SyntaxError)) return undefined;
  return new GraphQLError('The request holds something that is not JSON.', {
    extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
  });
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
