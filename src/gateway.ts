import { createAccess } from './access.ts';
import { type Config, defaults } from './config.ts';
import { createGraphqlHandler, type PostAnswer } from './graphql-handler.ts';
import { type Log, silentLog } from './observability/log.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { Operation } from './observability/operation.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './observability/request-id.ts';
import { loggedTelemetry } from './observability/upstream-log.ts';
import { createRunsUpstream, type RunsUpstream } from './upstream/runs-upstream.ts';

/** A POST of JSON to `/graphql`, its body read already. */
interface PostRequest {
  readonly body: string;
  readonly accept: string | undefined;
  readonly authorization: string | undefined;
  readonly requestId: string | undefined;
  /** Aborts when the caller has left. */
  readonly signal: AbortSignal;
}

export interface Gateway extends AsyncDisposable {
  /** Where its runs come from. */
  readonly upstreamUrl: string;
  readonly metrics: Metrics;
  /** Answers one request: `/graphql`, `/health`, `/ready` or `/metrics`; 404 for anything else. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The short way for most queries; undefined for those that have to go through `fetch`. Never rejects. */
  readonly answerPost: (post: PostRequest) => Promise<PostAnswer | undefined>;
  /** Makes `/ready` say that no more requests should come. */
  startDraining(): void;
}

/**
 * A gateway over one upstream; without an `upstreamUrl` over a runs API of its own, reached over
 * HTTP like any other. It doesn't listen: see `server.ts`.
 */
export async function createGateway(options: Partial<Config> = {}, log: Log = silentLog): Promise<Gateway> {
  const config: Config = { ...defaults, ...options };
  await using starting = new AsyncDisposableStack();
  const onEmbeddedError = (error: unknown): void =>
    log.error({ err: error }, 'A bug of the embedded runs API');
  const baseUrl = config.upstreamUrl ?? starting.use(await embeddedApi(onEmbeddedError)).baseUrl;
  const metrics = createMetrics();
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl,
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      maxInFlight: config.upstreamMaxInFlight,
      dialect: config.upstreamDialect,
      telemetry: loggedTelemetry(metrics.upstream, log),
    }),
  );
  const access = createAccess(config);
  const handler = createGraphqlHandler(upstream, log, () => metrics.upstream.call('joined'));
  let draining = false;

  const finish = ({ requestId, name, code, upstreamRequests }: Operation, start: number): void => {
    const durationMs = performance.now() - start;
    metrics.operation(code, durationMs);
    log.info(
      { requestId, operation: name, code, durationMs: Math.round(durationMs), upstreamRequests },
      'Operation',
    );
  };

  const answerPost = async (post: PostRequest): Promise<PostAnswer | undefined> => {
    const authorization = access.authorize(post.authorization ?? null);
    if (authorization === undefined) return undefined;
    const start = performance.now();
    const requestId = requestIdOf(post.requestId ?? null);
    const operation = new Operation(requestId);
    const context = { operation, authorization, signal: post.signal };
    const answer = await handler.handlePost(post.body, post.accept, context).catch((error: unknown) => {
      if (post.signal.aborted) log.debug({ requestId }, 'The caller has left');
      else log.error({ requestId, err: error }, 'A bug of the gateway');
      return undefined;
    });
    if (answer === undefined) return undefined;
    finish(operation, start);
    return { ...answer, headers: { ...answer.headers, [REQUEST_ID_HEADER]: requestId } };
  };

  const graphql = async (request: Request, requestId: string): Promise<Response> => {
    const authorization = access.authorize(request.headers.get('authorization'));
    if (authorization === undefined && !isForBrowser(request)) return unauthenticated(requestId);
    // A form of another origin could be sent from any page; JSON can't, without being asked for first.
    if (request.method === 'POST' && !isJson(request)) return new Response(null, { status: 415 });
    const start = performance.now();
    const operation = new Operation(requestId);
    const response = await handler.handle(request, { operation, authorization: authorization ?? null });
    if (!isForBrowser(request)) finish(operation, start);
    return response;
  };

  const route = async (request: Request, requestId: string): Promise<Response> => {
    switch (new URL(request.url).pathname) {
      case '/graphql':
        return graphql(request, requestId);
      case '/health':
        return Response.json({ status: 'ok' });
      case '/ready':
        return draining ? notReady('draining') : readiness(upstream, baseUrl, request.signal, log);
      case '/metrics':
        return new Response(await metrics.registry.metrics(), {
          headers: { 'content-type': metrics.registry.contentType },
        });
      default:
        return Response.json(
          { error: 'Nothing here. Try /graphql, /health, /ready or /metrics.' },
          { status: 404 },
        );
    }
  };

  const parts = starting.move();
  return {
    upstreamUrl: baseUrl,
    metrics,
    answerPost,
    async fetch(request) {
      const requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
      const response = await route(request, requestId).catch((error: unknown) => {
        if (request.signal.aborted) log.debug({ requestId }, 'The caller has left');
        else log.error({ requestId, err: error }, 'A bug of the gateway');
        return failure(500, 'Something went wrong in the gateway.', 'INTERNAL_SERVER_ERROR', requestId);
      });
      response.headers.set(REQUEST_ID_HEADER, requestId);
      return response;
    },
    startDraining() {
      draining = true;
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

/** Its database is loaded only where it is needed. */
async function embeddedApi(
  onError: (error: unknown) => void,
): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  const { startEmbeddedApi } = await import('./embedded-api.ts');
  return startEmbeddedApi(onError);
}

/** GraphiQL's page is for everybody; what it asks for needs a token like anything else. */
function isForBrowser({ method, headers }: Request): boolean {
  return method === 'GET' && headers.get('accept')?.includes('text/html') === true;
}

function isJson({ headers }: Request): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('application/json') === true;
}

function unauthenticated(requestId: string): Response {
  const message = 'Send one of the access tokens of this gateway, as Authorization: Bearer <token>.';
  const response = failure(401, message, 'UNAUTHENTICATED', requestId);
  response.headers.set('www-authenticate', 'Bearer');
  return response;
}

function failure(status: number, message: string, code: string, requestId: string): Response {
  return Response.json(
    { errors: [{ message, extensions: { code, requestId, retryable: false } }] },
    { status },
  );
}

async function readiness(
  upstream: RunsUpstream,
  url: string,
  signal: AbortSignal,
  log: Log,
): Promise<Response> {
  try {
    const { version, dialect } = await upstream.checkHealth(signal);
    return Response.json({ status: 'ready', upstream: { url, version, dialect } });
  } catch (error) {
    log.warn({ err: error }, 'The upstream is not ready');
    return notReady('the upstream does not answer');
  }
}

function notReady(status: string): Response {
  return Response.json({ status }, { status: 503 });
}
