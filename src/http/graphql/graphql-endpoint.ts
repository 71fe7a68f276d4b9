import type { IncomingHttpHeaders } from 'node:http';
import type { Journal } from '../../observability/journal.ts';
import { OperationRecord } from '../../observability/operation-record.ts';
import type { Tracing } from '../../observability/tracing.ts';
import type { Operations } from '../../operations/operations.ts';
import type { BrowserPage } from '../../static/browser-page.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { answerByPage } from '../browser-pages.ts';
import { decoderFor } from '../server/content-encoding.ts';
import { type Cors, isUninvited } from '../server/cors.ts';
import {
  encodedBody,
  type Failure,
  internalError,
  methodNotAllowed,
  notAcceptable,
  notJson,
  payloadTooLarge,
  uninvited,
} from '../server/failure.ts';
import type { HttpAnswer } from '../server/http-answer.ts';
import type { Route } from '../server/http-request.ts';
import { COST_HEADER, EXPLAIN_HEADER, isJson, MAX_BODY_BYTES } from '../server/request-headers.ts';
import type { Access } from './access.ts';
import { compressAnswer } from './compression.ts';
import { httpAnswer } from './graphql-answer.ts';
import { readGraphqlGet, readGraphqlPost } from './graphql-request.ts';
import { mayExplain } from './may-explain.ts';
import { negotiate } from './media-types.ts';

export interface GraphqlEndpointOptions {
  readonly operations: Operations;
  readonly graphiql: BrowserPage;
  readonly access: Access;
  readonly cors: Cors;
  /** Whether answers are compressed for clients that accept it. */
  readonly compresses: boolean;
  readonly journal: Journal;
  readonly tracing: Tracing;
}

/** The GraphQL endpoint: decides who may ask, and counts and logs refusals. Browsers get GraphiQL. */
export function createGraphqlEndpoint(options: GraphqlEndpointOptions): Route {
  const { operations, graphiql, access, cors, compresses, journal, tracing } = options;
  const vary = compresses ? 'accept, accept-encoding' : 'accept';

  const refuse = (failure: Failure, requestId: string, who?: Credentials): HttpAnswer => {
    journal.refused(failure, { requestId, account: who?.account, label: who?.label });
    return failure(requestId);
  };

  return async (request, requestId) => {
    const { method, search, headers, signal, client, readBody } = request;
    // GraphiQL is public; the operations that it sends need a token like any others.
    const page = method === 'POST' ? undefined : await answerByPage(graphiql, request);
    if (page !== undefined) return page;
    if (method !== 'GET' && method !== 'POST') return refuse(methodNotAllowed('GET, POST'), requestId);
    let credentials = access.authorize(headers, client);
    if (typeof credentials === 'function') return refuse(credentials, requestId);
    const { account } = credentials;
    const isReadOnly = method === 'GET';
    const { type, takesEvents } = negotiate(headers.accept);
    const invalid = isReadOnly ? isUninvited(request, cors.admits) && uninvited : unreadableBody(headers);
    if (invalid) return refuse(invalid, requestId, credentials);
    if (type === undefined) return refuse(notAcceptable, requestId, credentials);
    const tooMany = client.begin(account);
    if (tooMany !== undefined) return refuse(tooMany, requestId, credentials);
    // The body is read last: a caller who is refused makes the gateway keep none of it.
    const key = isReadOnly ? search : await readBody();
    // A client that has disconnected gets no answer.
    if (key === undefined) return internalError(requestId);
    if (typeof key === 'function') return refuse(key, requestId, credentials);
    // While the body came in, the secrets may have been replaced.
    if (credentials.grant?.isRevoked === true) credentials = access.authorize(headers, client);
    if (typeof credentials === 'function') return refuse(credentials, requestId);
    const record = new OperationRecord(requestId, headers, tracing(headers));
    const answer = await operations.answer(isReadOnly ? readGraphqlGet(key) : readGraphqlPost(key), {
      record,
      credentials,
      signal,
      key,
      isReadOnly,
      showsCost: headers[COST_HEADER] === '1',
      isExplained: headers[EXPLAIN_HEADER] === '1' && mayExplain(request, credentials),
      takesStreams: takesEvents,
    });
    const answered = httpAnswer(answer, type, vary);
    record.trace?.end?.(record, { method, path: request.path, status: answered.status });
    return compresses ? compressAnswer(answered, headers['accept-encoding'], client) : answered;
  };
}

/** Returns the response to a POST whose headers say that its body is not served. */
function unreadableBody(headers: IncomingHttpHeaders): Failure | undefined {
  // Prevents CSRF: any page can submit a form across origins, but JSON needs a CORS preflight.
  if (!isJson(headers['content-type'])) return notJson;
  if (decoderFor(headers['content-encoding']) === undefined) return encodedBody;
  if ((headers['transfer-encoding'] ?? 'chunked').toLowerCase() !== 'chunked') return encodedBody;
  return Number(headers['content-length'] ?? 0) > MAX_BODY_BYTES ? payloadTooLarge : undefined;
}
