import type { RequestContext } from '../graphql/yoga.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { Access } from './access.ts';
import { internalError, logFailure, unauthenticated } from './failure.ts';
import type { GraphqlHandler } from './graphql-handler.ts';
import { type HttpAnswer, responseOf } from './http-answer.ts';
import type { PlainNodeRequest } from './node-listener.ts';

/** Of a browser without an access token, which gets GraphiQL and no operation executed. */
const NOBODY: Credentials = { callerKey: null, authorization: null };
/** A request with the value `1` gets the cost of its operation in `extensions.cost`. */
const COST_HEADER = 'graphql-cost-debug';

export interface GraphqlEndpointOptions {
  readonly handler: GraphqlHandler;
  readonly access: Access;
  readonly metrics: Pick<Metrics, 'operation'>;
  readonly log: Log;
}

/** The GraphQL endpoint: checks access, and counts and logs each operation. */
export interface GraphqlEndpoint {
  /** May reject; `createRoutes` handles that. */
  readonly answer: (request: Request, requestId: string) => Promise<Response>;
  /** Never rejects: the caller writes straight to the socket. */
  readonly answerPlain: (request: PlainNodeRequest) => Promise<HttpAnswer>;
}

export function createGraphqlEndpoint(options: GraphqlEndpointOptions): GraphqlEndpoint {
  const { handler, access, metrics, log } = options;

  const finish = ({ requestId, name, code, upstreamRequests }: OperationRecord, start: number): void => {
    const durationMs = performance.now() - start;
    metrics.operation(code, durationMs);
    log.info(
      { requestId, operation: name, code, durationMs: Math.round(durationMs), upstreamRequests },
      'Operation',
    );
  };

  const execute = async (plain: PlainNodeRequest, requestId: string): Promise<HttpAnswer> => {
    const { method, text, headers, signal } = plain;
    const credentials = access.authorize(headers.authorization ?? null);
    if (credentials === undefined) return unauthenticated(requestId);
    const start = performance.now();
    const record = new OperationRecord(requestId);
    const context: RequestContext = { record, credentials, showsCost: headers[COST_HEADER] === '1' };
    const answered = await handler.handlePlain({ method, text, accept: headers.accept, signal }, context);
    finish(record, start);
    return answered;
  };

  return {
    async answer(request, requestId) {
      const credentials = access.authorize(request.headers.get('authorization'));
      const isBrowser = isForBrowser(request);
      if (credentials === undefined && !isBrowser) return responseOf(unauthenticated(requestId));
      // Prevents CSRF: any page can submit a form across origins, but JSON needs a CORS preflight.
      if (request.method === 'POST' && !isJson(request)) return new Response(null, { status: 415 });
      const start = performance.now();
      const record = new OperationRecord(requestId);
      const showsCost = request.headers.get(COST_HEADER) === '1';
      const context: RequestContext = { record, credentials: credentials ?? NOBODY, showsCost };
      const response = await handler.handle(request, context);
      if (!isBrowser) finish(record, start);
      return response;
    },

    async answerPlain(plain) {
      const requestId = requestIdOf(plain.headers[REQUEST_ID_HEADER]?.toString() ?? null);
      const answered = await execute(plain, requestId).catch((error: unknown) => {
        logFailure(log, requestId, plain.signal.aborted, error);
        return internalError(requestId);
      });
      return { ...answered, headers: { ...answered.headers, [REQUEST_ID_HEADER]: requestId } };
    },
  };
}

/** The GraphiQL page is public; the operations that it sends need a token like any others. */
function isForBrowser({ method, headers }: Request): boolean {
  return method === 'GET' && headers.get('accept')?.includes('text/html') === true;
}

function isJson({ headers }: Request): boolean {
  return headers.get('content-type')?.toLowerCase().startsWith('application/json') === true;
}
