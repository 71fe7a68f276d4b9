import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type ExecutionArgs, type ExecutionResult, GraphQLError, parse } from 'graphql';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { OperationAnswer } from '../graphql/operation-request.ts';
import type { Operations } from '../graphql/operations.ts';
import { MAX_BODY_BYTES } from '../graphql/yoga.ts';
import { parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { requestIdOf } from '../observability/request-id.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { Access } from './access.ts';
import { readGraphqlPost } from './graphql-request.ts';

/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;
/** Milliseconds between pings; a client that doesn't answer one in time is cut off. */
const PING_MS = 12_000;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;
const GOING_AWAY = 1001;

/** Handles the upgrade of a connection, as `server.on('upgrade')` gives it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface WebSocketOptions {
  readonly operations: Operations;
  readonly access: Access;
  readonly metrics: Pick<Metrics, 'operation' | 'requestRefused'>;
  readonly log: Log;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSocketEndpoint {
  /** Takes over a connection whose host and origin were checked. */
  readonly accept: UpgradeHandler;
  /** Closes all connections. */
  close(): void;
}

/** What is known of a connection once its client may send operations. */
interface Extra extends Record<PropertyKey, unknown> {
  credentials?: Credentials;
}

/** The library looks into a document for its kind only. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const { operations, access, metrics, log } = options;
  const server = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES });

  const answer = async (text: string, credentials: Credentials) => {
    const record = new OperationRecord(requestIdOf(null));
    const start = performance.now();
    const request = readGraphqlPost(text);
    if (request === undefined) return [invalidRequest(record.requestId)];
    const client = new AbortController();
    const answered = await operations.answer(request, {
      record,
      credentials,
      showsCost: false,
      signal: client.signal,
      key: text,
      isReadOnly: false,
      takesStreams: true,
    });
    const { requestId, name, code, upstreamRequests } = record;
    const durationMs = performance.now() - start;
    metrics.operation(code, durationMs);
    log.info(
      { requestId, operation: name, code, durationMs: Math.round(durationMs), upstreamRequests },
      'Operation',
    );
    if (!('answers' in answered)) {
      return answered.data === undefined ? answered.errors : results(only(answered), client);
    }
    return results(answered.answers, client);
  };

  useServer<Record<string, unknown>, Extra>(
    {
      isProd: true,
      connectionInitWaitTimeout: INIT_MS,
      onConnect({ extra, connectionParams }) {
        const credentials = access.authorize(authorizationOf(extra.request, connectionParams));
        if (credentials === undefined) {
          metrics.requestRefused('UNAUTHENTICATED');
          return false;
        }
        extra.credentials = credentials;
        return true;
      },
      async onSubscribe({ extra, subscriptions }, _id, payload) {
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) return [tooManyOperations()];
        const { credentials } = extra;
        if (credentials === undefined) return [invalidRequest('')];
        const answered = await answer(stringifyJson(payload), credentials);
        if (Array.isArray(answered)) return answered;
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Only `subscribe` gets it.
        return { document: ANY_SUBSCRIPTION, contextValue: answered } as unknown as ExecutionArgs;
      },
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- From `onSubscribe`.
      subscribe: ({ contextValue }) => contextValue as AsyncIterableIterator<ExecutionResult>,
      onError: (_context, _id, _payload, errors) => errors.map((error) => error.toJSON()),
    },
    server,
    PING_MS,
  );
  server.on('wsClientError', (error) => log.debug({ err: error }, 'WebSocket error'));
  server.on('error', (error) => log.error({ err: error }, 'WebSocket error'));

  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => {
        client.on('error', (error) => log.debug({ err: error }, 'WebSocket error'));
        server.emit('connection', client, request);
      });
    },
    close() {
      for (const client of server.clients) client.close(GOING_AWAY, 'Going away');
    },
  };
}

/** Browsers can't set headers, so they send it in the message that opens the connection. */
function authorizationOf(
  { headers }: IncomingMessage,
  params: Readonly<Record<string, unknown>> | undefined,
): string | null {
  const sent = params?.['authorization'] ?? params?.['Authorization'] ?? headers.authorization;
  return typeof sent === 'string' && /^[\t\x20-\x7e]{1,8192}$/.test(sent) ? sent : null;
}

async function* only(answer: OperationAnswer): AsyncGenerator<OperationAnswer> {
  yield answer;
}

/** Converts answers to results as the library takes them. */
function results(
  answers: AsyncIterableIterator<OperationAnswer>,
  client: AbortController,
): AsyncIterableIterator<ExecutionResult> {
  return {
    async next() {
      const { done, value } = await answers.next();
      return done === true ? { done, value: undefined } : { done: false, value: resultOf(value) };
    },
    async return() {
      client.abort();
      await answers.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

function resultOf({ data, errors, extensions }: OperationAnswer): ExecutionResult {
  const parsed = data === undefined ? {} : parseJson(Buffer.from(data).toString());
  return {
    ...(typeof parsed === 'object' && parsed),
    ...(errors.length > 0 && { errors }),
    ...(extensions !== undefined && { extensions }),
  };
}

function invalidRequest(requestId: string): GraphQLError {
  return new GraphQLError('The request is not valid GraphQL over WebSocket.', {
    extensions: { code: 'BAD_REQUEST', requestId, retryable: false },
  });
}

function tooManyOperations(): GraphQLError {
  return new GraphQLError(
    `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId: '', retryable: true } },
  );
}
