import { type ExecutionArgs, type ExecutionResult, GraphQLError, parse } from 'graphql';
import type { ServerOptions } from 'graphql-ws';
import { ERROR_CODES } from '../../graphql/error-codes.ts';
import type { OperationAnswer } from '../../graphql/operation-request.ts';
import { parseJson } from '../../json/parse-json.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { OperationRecord } from '../../observability/operation-record.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import type { SentHeaders } from '../graphql/access.ts';
import { readGraphqlPayload } from '../graphql/graphql-request.ts';
import type { Conversation } from './conversation.ts';
import type { WebSocketOptions } from './websocket.ts';

/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;

/** The library looks into a document for its kind only. */
const ANY_SUBSCRIPTION = parse('subscription { any }');

/** What the library asks for while it speaks `graphql-transport-ws` with a client. */
export function createSocketProtocol(
  options: WebSocketOptions,
): ServerOptions<Record<string, unknown>, Conversation> {
  const { operations, access, metrics, journal } = options;

  const answer = async (
    payload: unknown,
    credentials: Credentials,
    record: OperationRecord,
    client: AbortController,
  ): Promise<readonly GraphQLError[] | AsyncIterableIterator<OperationAnswer>> => {
    const request = readGraphqlPayload(payload);
    if (request === undefined) return [invalidRequest(record.requestId)];
    const start = performance.now();
    const answered = await operations.answer(request, {
      record,
      credentials,
      showsCost: false,
      signal: client.signal,
      key: stringifyJson(payload),
      isReadOnly: false,
      takesStreams: true,
    });
    journal.operation(record, credentials.account, performance.now() - start);
    if ('answers' in answered) return answered.answers;
    return answered.data === undefined ? answered.errors : only(answered);
  };

  const open = async (conversation: Conversation) => {
    const { credentials, payload, size } = conversation;
    const record = new OperationRecord(requestIdOf(null));
    if (size >= MAX_OPERATIONS) return [tooManyOperations(record.requestId)];
    if (credentials === undefined) return [invalidRequest(record.requestId)];
    const client = conversation.begin();
    const finish = (): void => conversation.finish(client);
    try {
      const answers = await answer(payload, credentials, record, client);
      if (Symbol.asyncIterator in answers) return results(answers, client, finish);
      finish();
      return answers;
    } catch (error) {
      finish();
      if (!client.signal.aborted) journal.failed(error, record);
      return [unexpected(record.requestId)];
    }
  };

  return {
    connectionInitWaitTimeout: INIT_MS,
    onConnect({ extra }) {
      const credentials = access.authorize(sentHeaders(extra));
      if (typeof credentials === 'function') {
        metrics.requestRefused(credentials.code);
        journal.note('Refused', { code: credentials.code, reason: credentials.message });
        extra.refuse(credentials.message);
        return false;
      }
      extra.credentials = credentials;
      return true;
    },
    async onSubscribe({ extra }) {
      const answered = await open(extra);
      if (!(Symbol.asyncIterator in answered) || !('next' in answered)) return answered;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Only `subscribe` gets it.
      return { document: ANY_SUBSCRIPTION, contextValue: answered } as unknown as ExecutionArgs;
    },
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- From `onSubscribe`.
    subscribe: ({ contextValue }) => contextValue as AsyncIterableIterator<ExecutionResult>,
    onError: (_context, _id, _payload, errors) => errors.map((error) => error.toJSON()),
  };
}

/**
 * Browsers can't set headers, so they send them in the message that opens the connection, by names in any
 * case, of which lower case counts first. One that can't be a header stays as it is, to be refused: it must
 * not count as none, which may come with the gateway's own key.
 */
function sentHeaders({ payload, request }: Conversation): SentHeaders {
  const params = Object.entries(typeof payload === 'object' && payload !== null ? payload : {});
  const named = params
    .filter(([, value]) => value !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(request.headers), ...named]);
}

async function* only(answer: OperationAnswer): AsyncGenerator<OperationAnswer> {
  yield answer;
}

/** Converts answers to results as the library takes them. @param onEnd called once */
function results(
  answers: AsyncIterableIterator<OperationAnswer>,
  client: AbortController,
  onEnd: () => void,
): AsyncIterableIterator<ExecutionResult> {
  return {
    async next() {
      const { done, value } = await answers.next();
      if (done !== true) return { done: false, value: resultOf(value) };
      onEnd();
      return { done, value: undefined };
    },
    async return() {
      client.abort();
      onEnd();
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

function tooManyOperations(requestId: string): GraphQLError {
  return new GraphQLError(
    `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
    { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS', requestId, retryable: true } },
  );
}

function unexpected(requestId: string): GraphQLError {
  return new GraphQLError(ERROR_CODES.INTERNAL_SERVER_ERROR.message, {
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId, retryable: false },
  });
}
