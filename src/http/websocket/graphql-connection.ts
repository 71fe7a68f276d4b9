import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { WebSocket } from 'ws';
import { ERROR_CODES, type ErrorCode, REQUEST_ERROR_CODES } from '../../errors/error-codes.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import type { Journal } from '../../observability/journal.ts';
import { OperationRecord, recordedHeaders } from '../../observability/operation-record.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Tracing } from '../../observability/tracing.ts';
import { answerBody } from '../../operations/answer-body.ts';
import type { OperationAnswer, OperationStream } from '../../operations/operation-request.ts';
import type { Operations } from '../../operations/operations.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import type { Access, SentHeaders } from '../graphql/access.ts';
import { readGraphqlPayload } from '../graphql/graphql-request.ts';
import { mayExplain } from '../graphql/may-explain.ts';
import type { Clients } from '../server/clients.ts';
import type { Failure } from '../server/failure.ts';
import { EXPLAIN_HEADER, MAX_BODY_BYTES } from '../server/request-headers.ts';
import { Channel } from './channel.ts';

/** The protocol that is spoken: https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md */
export const PROTOCOL = 'graphql-transport-ws';

/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;
/** Characters of the id of an operation, which is kept as long as that is open. */
const MAX_ID_LENGTH = 256;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;
/** Bytes of a message until then: twice the headers that may go upstream. */
const MAX_INIT_BYTES = 32 * 1024;
/** Bytes of a reason, by RFC 6455, section 5.5. */
const MAX_REASON = 123;

const INVALID = 'Invalid message received';
const TAIL = Buffer.from('}');

const TRY_AGAIN_LATER = 1013;
const FORBIDDEN = 4403;
/** By which clients don't try again. */
const UNAUTHORIZED = 4401;

export interface GraphqlConnectionOptions {
  readonly operations: Operations;
  readonly access: Access;
  readonly clients: Clients;
  readonly journal: Journal;
  readonly tracing: Tracing;
  /** Whether the connection is to be closed when its last operation has ended. */
  readonly isDraining: () => boolean;
}

/** The WebSocket of a client, which speaks `graphql-transport-ws`. Keeps nothing of the messages that it has handled. */
export class GraphqlConnection extends Channel {
  readonly #options: GraphqlConnectionOptions;
  readonly #headers: IncomingHttpHeaders;
  readonly #remoteAddress: string | undefined;
  /** Undefined until the client has said who it is. */
  #credentials: Credentials | undefined;
  /** Who that is, by its words. */
  #sentHeaders: SentHeaders = {};
  /** Forgets what is to happen when the credentials are revoked. */
  #release: (() => void) | undefined;
  #hasInit = false;
  /** What it has said that all of its operations are recorded with. */
  #recorded: SentHeaders = {};
  #isExplained = false;
  /** How many operations it has sent. */
  #sent = 0;
  /** Those that are open, with their ids. The id of one that is aborted may be used again. */
  readonly #operations = new Map<AbortController, string>();

  /** @param request its upgrade */
  constructor(options: GraphqlConnectionOptions, socket: WebSocket, request: IncomingMessage) {
    super(socket, request.socket, options.clients.of(request.socket), options.journal);
    this.#options = options;
    this.#headers = request.headers;
    this.#remoteAddress = request.socket.remoteAddress;
    this.limit(MAX_INIT_BYTES);
    if (socket.protocol !== PROTOCOL) this.invalid(4406, 'Subprotocol not acceptable');
    const due = setTimeout(() => {
      if (!this.#hasInit) this.invalid(4408, 'Connection initialisation timeout');
    }, INIT_MS);
    socket.once('close', () => {
      clearTimeout(due);
      this.#release?.();
      for (const operation of this.#operations.keys()) operation.abort();
    });
  }

  closeIfIdle(): void {
    if (this.#operations.size === 0) void this.leave();
  }

  protected override handle(text: Buffer): void {
    const message = parse(text);
    if (typeof message === 'string') return this.invalid(4400, message);
    const { type, id, payload } = message;
    if (type === 'connection_init') return this.#init(payload);
    if (type === 'ping') return this.#tell({ type: 'pong' });
    if (type === 'pong') return;
    const isNamed = typeof id === 'string' && id !== '' && id.length <= MAX_ID_LENGTH;
    if (type === 'complete' && isNamed) return this.#find(id)?.abort();
    if (type === 'subscribe' && isNamed && isObject(payload)) return this.#subscribe(id, payload);
    this.invalid(4400, INVALID);
  }

  #init(payload: unknown): void {
    const { access } = this.#options;
    if (this.#hasInit) return this.invalid(4429, 'Too many initialisation requests');
    this.#hasInit = true;
    this.#sentHeaders = sentHeaders(this.#headers, payload);
    const credentials = access.authorize(this.#sentHeaders);
    if (typeof credentials === 'function') return this.#refuse(FORBIDDEN, credentials);
    this.#takeCredentials(credentials);
    this.#recorded = recordedHeaders(this.#sentHeaders);
    const asked = { headers: this.#sentHeaders, remoteAddress: this.#remoteAddress };
    this.#isExplained = this.#sentHeaders[EXPLAIN_HEADER] === '1' && mayExplain(asked, credentials);
    const refusal = this.client.begin(credentials.account);
    if (refusal !== undefined) return this.#refuse(TRY_AGAIN_LATER, refusal);
    this.limit(MAX_BODY_BYTES);
    this.#tell({ type: 'connection_ack' });
  }

  /** Closes the connection when they are revoked, unless others take their place. */
  #takeCredentials(credentials: Credentials): void {
    this.#credentials = credentials;
    this.#release?.();
    this.#release = credentials.grant?.onRevoked(({ code, message }) => {
      if (code === 'UNAUTHENTICATED') this.invalid(UNAUTHORIZED, message);
    });
  }

  /** Returns the credentials that count now; undefined, and closes the connection, if there are none. */
  #currentCredentials(): Credentials | undefined {
    if (this.#credentials?.grant?.isRevoked !== true) return this.#credentials;
    const again = this.#options.access.authorize(this.#sentHeaders);
    if (typeof again === 'function') this.invalid(UNAUTHORIZED, again.message);
    else this.#takeCredentials(again);
    return typeof again === 'function' ? undefined : again;
  }

  #refuse(status: number, failure: Failure): void {
    this.#options.journal.refused(failure, {
      account: this.#credentials?.account,
      label: this.#credentials?.label,
    });
    this.socket.close(status, Buffer.from(failure.message).subarray(0, MAX_REASON));
  }

  #subscribe(id: string, payload: unknown): void {
    const credentials = this.#currentCredentials();
    if (credentials === undefined) return this.invalid(UNAUTHORIZED, 'Unauthorized');
    if (this.#find(id) !== undefined) return this.invalid(4409, subscriberExists(id));
    const { operations, tracing } = this.#options;
    const headers = this.#recorded;
    const requestId = requestIdOf(headers[REQUEST_ID_HEADER], ++this.#sent);
    const record = new OperationRecord(requestId, headers, tracing(headers));
    if (this.#operations.size >= MAX_OPERATIONS) {
      return this.#end(id, [errorOf('TOO_MANY_SUBSCRIPTIONS', record)]);
    }
    const operation = new AbortController();
    this.#operations.set(operation, id);
    const answering = operations.answer(readGraphqlPayload(payload), {
      record,
      credentials,
      signal: operation.signal,
      key: stringifyJson(payload),
      isReadOnly: false,
      showsCost: false,
      isExplained: this.#isExplained,
      takesStreams: true,
    });
    void this.#perform(operation, id, record, answering);
  }

  async #perform(
    operation: AbortController,
    id: string,
    record: OperationRecord,
    answering: Promise<OperationAnswer | OperationStream>,
  ): Promise<void> {
    const { signal } = operation;
    const { journal, isDraining } = this.#options;
    const errors = await this.#deliver(id, record, answering).catch((error: unknown) => {
      if (!signal.aborted) journal.failed(error, record);
      return [errorOf('INTERNAL_SERVER_ERROR', record)];
    });
    this.#operations.delete(operation);
    if (!signal.aborted) this.#end(id, errors);
    if (isDraining()) this.closeIfIdle();
  }

  /** Sends each answer when the one before has left. @returns the errors of an operation that doesn't begin, or is cut off */
  async #deliver(
    id: string,
    record: OperationRecord,
    answering: Promise<OperationAnswer | OperationStream>,
  ): Promise<readonly GraphQLError[]> {
    const answered = await answering;
    record.trace?.end?.(record);
    if ('errors' in answered && answered.data === undefined) return answered.errors;
    const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    for await (const answer of 'answers' in answered ? answered.answers : [answered]) {
      const left = this.send([head, ...answerBody(answer), TAIL]);
      if (left === undefined) return [errorOf('OVERLOADED', record)];
      await left;
    }
    return [];
  }

  /** Returns the open operation with an id. */
  #find(id: string): AbortController | undefined {
    for (const [operation, own] of this.#operations) {
      if (own === id && !operation.signal.aborted) return operation;
    }
    return undefined;
  }

  #end(id: string, errors: readonly GraphQLError[]): void {
    // All but request errors are a result of the operation, as in graphql-ws. Routers keep their codes only so.
    if (errors.some(({ extensions }) => REQUEST_ERROR_CODES.has(extensions['code']))) {
      return this.#tell({ id, type: 'error', payload: errors });
    }
    if (errors.length > 0) this.#tell({ id, type: 'next', payload: { errors } });
    this.#tell({ id, type: 'complete' });
  }

  #tell(message: object): void {
    const left = this.send([Buffer.from(JSON.stringify(message))]);
    if (left === undefined) this.socket.terminate();
  }
}

/** In the words of the protocol, as far as the id fits. */
function subscriberExists(id: string): string {
  const reason = `Subscriber for ${id} already exists`;
  return Buffer.byteLength(reason) > MAX_REASON ? 'Subscriber already exists' : reason;
}

/** Returns what is wrong with a message, or the message. */
function parse(text: Buffer): string | Readonly<Record<string, unknown>> {
  try {
    const message = parseInputJson(text.toString());
    if (isObject(message)) return message;
  } catch {
    // Told below.
  }
  return INVALID;
}

/**
 * Browsers can't set headers, so they send them in the message that opens the connection, by names in any
 * case, of which lower case counts first. One that can't be a header stays as it is, to be refused: it must
 * not count as none, which may come with the gateway's own key.
 */
function sentHeaders(headers: IncomingHttpHeaders, payload: unknown): SentHeaders {
  const named = Object.entries(isObject(payload) ? payload : {})
    .filter(([, value]) => value !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(headers), ...named]);
}

const MESSAGES = {
  TOO_MANY_SUBSCRIPTIONS: `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
  OVERLOADED: ERROR_CODES.OVERLOADED.message,
  INTERNAL_SERVER_ERROR: ERROR_CODES.INTERNAL_SERVER_ERROR.message,
} as const satisfies Partial<Record<ErrorCode, string>>;

function errorOf(code: keyof typeof MESSAGES, { requestId }: OperationRecord): GraphQLError {
  const { retryable } = ERROR_CODES[code];
  return new GraphQLError(MESSAGES[code], { extensions: { code, requestId, retryable } });
}
