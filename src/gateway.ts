import { type Config, defaults } from './config/config.ts';
import { createEngine, readRunList } from './engine/index.ts';
import { toGraphQLError } from './graphql/errors.ts';
import { createOperations } from './graphql/operations.ts';
import { schema } from './graphql/schema/index.ts';
import { createAccess } from './http/access.ts';
import { createGraphqlHandler, type HttpAnswer } from './http/graphql-handler.ts';
import { createNodeListener, type NodeListener, type PlainNodeRequest } from './http/node-listener.ts';
import { type Log, silentLog } from './observability/log.ts';
import { createMetrics, type Metrics } from './observability/metrics.ts';
import { OperationRecord } from './observability/operation-record.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './observability/request-id.ts';
import { loggedTelemetry } from './observability/upstream-log.ts';
import { createRunsUpstream, type RunsUpstream } from './upstream/letta/runs-upstream.ts';
import { decodeRunList } from './wire/run-list.ts';

export interface Gateway extends AsyncDisposable {
  /** Where its runs come from. */
  readonly upstreamUrl: string;
  readonly metrics: Metrics;
  /** Answers one request: `/graphql`, `/health`, `/ready` or `/metrics`; 404 for anything else. */
  readonly fetch: (request: Request) => Promise<Response>;
  /** The same for Node's http module. */
  readonly listener: NodeListener;
  /** Makes `/ready` say that no more requests should come. */
  startDraining(): void;
}

/** Tells what an operation costs when it is `1`. */
const COST_HEADER = 'graphql-cost-debug';

/**
 * A gateway over one upstream; without an `upstreamUrl` over a runs API of its own, reached over
 * HTTP like any other. It doesn't listen: see `http/listen.ts`.
 */
export async function createGateway(options: Partial<Config> = {}, log: Log = silentLog): Promise<Gateway> {
  const config: Config = { ...defaults, ...options };
  await using starting = new AsyncDisposableStack();
  const onEmbeddedError = (error: unknown): void =>
    log.error({ err: error }, 'Unexpected error of the embedded runs API');
  const baseUrl = config.upstreamUrl ?? starting.use(await embeddedApi(onEmbeddedError)).baseUrl;
  const metrics = createMetrics();
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl,
      timeoutMs: config.upstreamTimeoutMs,
      maxBytes: config.upstreamMaxBytes,
      maxInFlight: config.upstreamMaxInFlight,
      dialect: config.upstreamDialect,
      readList: config.rowCopying ? readRunList : decodeRunList,
      telemetry: loggedTelemetry(metrics.upstream, log),
    }),
  );
  const access = createAccess(config);
  const engine = createEngine({
    schema,
    copiesRows: config.rowCopying,
    maxCost: config.maxCost,
    maxResponseBytes: config.maxResponseBytes,
  });
  const operations = createOperations(engine, upstream, log, () => metrics.upstream.call('joined'));
  const handler = createGraphqlHandler(operations, (error) =>
    toGraphQLError(error, undefined, (cause) => log.error({ err: cause }, 'Unexpected error')),
  );
  let draining = false;

  const finish = ({ requestId, name, code, upstreamRequests }: OperationRecord, start: number): void => {
    const durationMs = performance.now() - start;
    metrics.operation(code, durationMs);
    log.info(
      { requestId, operation: name, code, durationMs: Math.round(durationMs), upstreamRequests },
      'Operation',
    );
  };

  const logFailure = (requestId: string, isGone: boolean, error: unknown): void => {
    if (isGone) log.debug({ requestId }, 'Client disconnected');
    else log.error({ requestId, err: error }, 'Unexpected error');
  };

  const answerPlain = async (plain: PlainNodeRequest): Promise<HttpAnswer> => {
    const { method, text, headers, signal } = plain;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER]?.toString() ?? null);
    const answer = async (): Promise<HttpAnswer> => {
      const authorization = access.authorize(headers.authorization ?? null);
      if (authorization === undefined) return UNAUTHENTICATED(requestId);
      const start = performance.now();
      const record = new OperationRecord(requestId);
      const showsCost = headers[COST_HEADER] === '1';
      const request = { method, text, accept: headers.accept, signal };
      const answered = await handler.handlePlain(request, { record, authorization, showsCost });
      finish(record, start);
      return answered;
    };
    const answered = await answer().catch((error: unknown) => {
      logFailure(requestId, signal.aborted, error);
      return INTERNAL_ERROR(requestId);
    });
    return { ...answered, headers: { ...answered.headers, [REQUEST_ID_HEADER]: requestId } };
  };

  const graphql = async (request: Request, requestId: string): Promise<Response> => {
    const authorization = access.authorize(request.headers.get('authorization'));
    if (authorization === undefined && !isForBrowser(request)) return responseOf(UNAUTHENTICATED(requestId));
    // A form of another origin could be sent from any page; JSON can't, without being asked for first.
    if (request.method === 'POST' && !isJson(request)) return new Response(null, { status: 415 });
    const start = performance.now();
    const record = new OperationRecord(requestId);
    const showsCost = request.headers.get(COST_HEADER) === '1';
    const response = await handler.handle(request, {
      record,
      authorization: authorization ?? null,
      showsCost,
    });
    if (!isForBrowser(request)) finish(record, start);
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

  const fetch = async (request: Request): Promise<Response> => {
    const requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
    const response = await route(request, requestId).catch((error: unknown) => {
      logFailure(requestId, request.signal.aborted, error);
      return responseOf(INTERNAL_ERROR(requestId));
    });
    response.headers.set(REQUEST_ID_HEADER, requestId);
    return response;
  };

  const parts = starting.move();
  return {
    upstreamUrl: baseUrl,
    metrics,
    fetch,
    listener: createNodeListener(answerPlain, fetch),
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
  const { startEmbeddedApi } = await import('./embedded-api/with-sample-runs.ts');
  return startEmbeddedApi(onError);
}

/** GraphiQL's page is for everybody; what it asks for needs a token like anything else. */
function isForBrowser({ method, headers }: Request): boolean {
  return method === 'GET' && headers.get('accept')?.includes('text/html') === true;
}

function isJson({ headers }: Request): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('application/json') === true;
}

const UNAUTHENTICATED = failure(
  401,
  'UNAUTHENTICATED',
  'Send one of the access tokens of this gateway, as Authorization: Bearer <token>.',
  { 'www-authenticate': 'Bearer' },
);
const INTERNAL_ERROR = failure(500, 'INTERNAL_SERVER_ERROR', 'Something went wrong in the gateway.');

/** An answer to a request of which nothing is executed. */
function failure(status: number, code: string, message: string, headers: Record<string, string> = {}) {
  return (requestId: string): HttpAnswer => {
    const error = { message, extensions: { code, requestId, retryable: false } };
    return {
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: [Buffer.from(JSON.stringify({ errors: [error] }))],
    };
  };
}

function responseOf({ status, headers, body }: HttpAnswer): Response {
  return new Response(Buffer.concat(body), { status, headers });
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
