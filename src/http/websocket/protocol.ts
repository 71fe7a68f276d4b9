import { GraphQLError } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { answerBody } from '../../graphql/answer-body.ts';
import { ERROR_CODES, type ErrorCode } from '../../graphql/error-codes.ts';
import type { OperationAnswer, OperationStream } from '../../graphql/operation-request.ts';
import type { Operations } from '../../graphql/operations.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import type { Journal } from '../../observability/journal.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { OperationRecord } from '../../observability/operation-record.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import type { Access, SentHeaders } from '../graphql/access.ts';
import { readGraphqlPayload } from '../graphql/graphql-request.ts';
import { GraphqlSocket } from './graphql-socket.ts';

/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;
/** Bytes of a reason, by RFC 6455, section 5.5. */
const MAX_REASON = 123;

const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;

export interface ProtocolOptions {
  readonly operations: Operations;
  readonly access: Access;
  readonly metrics: Pick<Metrics, 'requestRefused'>;
  readonly journal: Journal;
}

/**
 * What `graphql-ws/use/ws` asks for while it speaks `graphql-transport-ws` with a client. Operations are answered
 * without it: their answers are bytes, which it would have as objects.
 */
export function createProtocol({
  operations,
  access,
  metrics,
  journal,
}: ProtocolOptions): ServerOptions<Record<string, unknown>, Extra> {
  /** Keeps nothing of the message that is being handled. */
  const execute = (
    { payload, credentials }: GraphqlSocket,
    record: OperationRecord,
    signal: AbortSignal,
  ): Promise<OperationAnswer | OperationStream> | OperationAnswer => {
    if (credentials === undefined) return { data: undefined, errors: [errorOf('BAD_REQUEST', record)] };
    const how = { key: stringifyJson(payload), showsCost: false, isReadOnly: false, takesStreams: true };
    return operations.answer(readGraphqlPayload(payload), { record, credentials, signal, ...how });
  };

  /** @returns the errors of an operation that doesn't begin, or ends before its time */
  const perform = async (
    socket: GraphqlSocket,
    id: string,
    record: OperationRecord,
    signal: AbortSignal,
  ): Promise<readonly GraphQLError[]> => {
    const answered = await execute(socket, record, signal);
    if ('errors' in answered && answered.data === undefined) return answered.errors;
    for await (const answer of 'answers' in answered ? answered.answers : [answered]) {
      if (!(await socket.next(id, answerBody(answer)))) return [errorOf('OVERLOADED', record)];
    }
    return [];
  };

  return {
    connectionInitWaitTimeout: INIT_MS,
    onConnect({ extra }) {
      const socket = socketOf(extra);
      const credentials = access.authorize(sentHeaders(extra, socket.payload));
      const isKnown = typeof credentials !== 'function';
      const refusal = isKnown ? socket.client.begin(credentials.account) : credentials;
      if (isKnown) socket.credentials = credentials;
      if (refusal === undefined) return true;
      const { code, message: reason } = refusal;
      metrics.requestRefused(code);
      journal.note('Refused', { code, reason, account: socket.credentials?.account });
      socket.close(isKnown ? TRY_AGAIN_LATER : FORBIDDEN, Buffer.from(reason).subarray(0, MAX_REASON));
      return false;
    },
    async onSubscribe({ extra, subscriptions }, id) {
      const socket = socketOf(extra);
      const record = new OperationRecord(requestIdOf(null));
      if (socket.size >= MAX_OPERATIONS) return [errorOf('TOO_MANY_SUBSCRIPTIONS', record)];
      const operation = socket.begin(id);
      const errors = await perform(socket, id, record, operation.signal).catch((error: unknown) => {
        if (!operation.signal.aborted) journal.failed(error, record);
        return [errorOf('INTERNAL_SERVER_ERROR', record)];
      });
      socket.finish(operation);
      if (!operation.signal.aborted) {
        if (errors.length > 0) return errors;
        delete subscriptions[id];
        socket.send(JSON.stringify({ id, type: 'complete' }));
      }
      // The library has nothing more to say about it: by now, its id may stand for another operation.
      return new Promise<never>(() => {});
    },
  };
}

function socketOf({ socket }: Extra): GraphqlSocket {
  if (socket instanceof GraphqlSocket) return socket;
  throw new TypeError('Not a socket of this server');
}

/**
 * Browsers can't set headers, so they send them in the message that opens the connection, by names in any
 * case, of which lower case counts first. One that can't be a header stays as it is, to be refused: it must
 * not count as none, which may come with the gateway's own key.
 */
function sentHeaders({ request }: Extra, payload: unknown): SentHeaders {
  const params = Object.entries(typeof payload === 'object' && payload !== null ? payload : {});
  const named = params
    .filter(([, value]) => value !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(request.headers), ...named]);
}

const MESSAGES = {
  BAD_REQUEST: 'The request is not valid GraphQL over WebSocket.',
  TOO_MANY_SUBSCRIPTIONS: `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
  OVERLOADED: ERROR_CODES.OVERLOADED.message,
  INTERNAL_SERVER_ERROR: ERROR_CODES.INTERNAL_SERVER_ERROR.message,
} as const satisfies Partial<Record<ErrorCode, string>>;

function errorOf(code: keyof typeof MESSAGES, { requestId }: OperationRecord): GraphQLError {
  const { retryable } = ERROR_CODES[code];
  return new GraphQLError(MESSAGES[code], { extensions: { code, requestId, retryable } });
}
