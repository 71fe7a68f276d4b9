import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  type ExecutionArgs,
  type ExecutionResult,
  type GraphQLError,
  type GraphQLFormattedError,
} from 'graphql';
import { CloseCode, type Context } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { isAsyncIterable, mapAsyncIterator } from 'graphql-yoga';
import { type WebSocket, WebSocketServer } from 'ws';
import type { HostCheck } from '../config/hosts.ts';
import { isObject } from '../json/parse-json.ts';
import type { Journal } from '../observability/journal.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import { requestIdOf } from '../observability/request-id.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { CallerConnections } from '../plugins/caller.ts';
import { type Finish, finishResult, recordErrors } from '../plugins/errors.ts';
import type { GatewayRequest } from '../plugins/gateway-request.ts';
import { type HeldBytes, VALUES_FACTOR } from '../plugins/held-bytes.ts';
import type { Credentials } from '../upstream/credentials.ts';
import type { Access, SentHeaders } from './access.ts';
import { checkCount, checkHead } from './guard.ts';
import type { UpgradeHandler } from './listen-options.ts';
import { notFound, overloaded, Refusal } from './refusal.ts';
import { type GatewayYoga, prepareOperation, type SocketOperation } from './socket-operations.ts';

/** Bytes of a message. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Frames of a message, and parts in which a frame comes in: each costs more than its bytes. */
const MAX_PARTS = 256;
/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;
/** Milliseconds between pings. A client that doesn't answer one before the next is gone. */
const PING_MS = 12_000;
/** Milliseconds that a client gets to close its side as well. */
const CLOSE_MS = 1_000;
/** Bytes of a reason, by RFC 6455, section 5.5. */
const MAX_REASON = 123;

const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

export interface WebSocketOptions {
  readonly yoga: GatewayYoga;
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly access: Access;
  readonly connections: CallerConnections;
  readonly heldBytes: (account: string) => HeldBytes;
  readonly serves: HostCheck;
  /** Whether pages of an origin may connect. */
  readonly admits: (origin: string, host: string) => boolean;
  readonly finish: Finish;
  readonly tracing: Tracing;
  readonly journal: Journal;
  readonly isDraining: () => boolean;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSockets {
  /** Refuses a connection, or takes it over. */
  readonly upgrade: UpgradeHandler;
  /** Closes those without an operation, each at a random time, and the others when theirs have ended; takes no more. */
  readonly close: (withinMs?: number) => void;
}

/** What is known of a connection. */
interface Connection extends Extra, Record<PropertyKey, unknown> {
  caller?: {
    readonly headers: SentHeaders;
    readonly left: AbortController;
    credentials: Credentials;
    /** Forgets what is to happen when the credentials are revoked. */
    release: (() => void) | undefined;
    /** What its open operations hold, by what was sent: ids are used again. */
    readonly held: Map<object, HeldBytes>;
    /** How many operations it has sent. */
    sent: number;
  };
}

type Connected = Context<Record<string, unknown>, Connection>;

export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { yoga, endpoint, access, connections, heldBytes, finish, tracing, journal } = options;
  const open = new Set<Connected>();
  let isClosing = false;
  const isDraining = (): boolean => isClosing || options.isDraining();
  // The types don't know all of them yet.
  const settings = {
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // Of each client one message is handled in a turn of the event loop, or others would wait for all at once.
    allowSynchronousEvents: false,
    maxFragments: MAX_PARTS,
    maxBufferedChunks: 4 * MAX_PARTS,
    closeTimeout: CLOSE_MS,
  };
  const server = new WebSocketServer(settings);
  /** Of the latest message of each. */
  const messageBytes = new WeakMap<object, number>();
  server.on('connection', (socket) => {
    socket.on('message', (message: Buffer) => messageBytes.set(socket, message.length));
  });

  /** Makes the connection close itself when its credentials are revoked, unless others take their place. */
  const takeCredentials = ({ extra: { caller, socket } }: Connected, credentials: Credentials): void => {
    if (caller === undefined) return;
    caller.credentials = credentials;
    caller.release?.();
    caller.release = credentials.grant?.onRevoked(({ code, message }) => {
      if (code === 'UNAUTHENTICATED') socket.close(CloseCode.Unauthorized, reasonOf(message));
    });
  };
  const closeIfIdle = ({ extra, subscriptions }: Connected): void => {
    if (Object.keys(subscriptions).length === 0) extra.socket.close(GOING_AWAY, 'Going away');
  };
  const refuse = (connected: Connected, status: number, refusal: Refusal, who?: Credentials): false => {
    journal.refused(refusal, { account: who?.account, label: who?.label });
    connected.extra.socket.close(status, reasonOf(refusal.message));
    return false;
  };
  const release = ({ extra: { caller } }: Connected, params: object): void => {
    caller?.held.get(params)?.release();
    caller?.held.delete(params);
  };
  /** Returns what is known of the next operation, or why it is refused. */
  const nextRequest = (connected: Connected, id: string): GatewayRequest | Refusal => {
    const { caller, request } = connected.extra;
    if (caller === undefined) throw new Error('The connection was not let in');
    if (caller.credentials.grant?.isRevoked === true) {
      const again = access.authorize(caller.headers);
      if (again instanceof Refusal) {
        connected.extra.socket.close(CloseCode.Unauthorized, reasonOf(again.message));
        return again;
      }
      takeCredentials(connected, again);
    }
    const { headers, left, credentials } = caller;
    const completed = new AbortController();
    connected.subscriptions[id] = ending(completed);
    const requestId = requestIdOf(headers['x-request-id'], ++caller.sent);
    return {
      requestId,
      headers,
      remoteAddress: request.socket.remoteAddress,
      signal: AbortSignal.any([left.signal, completed.signal]),
      takesEvents: true,
      record: new OperationRecord(requestId, headers, tracing(headers)),
      held: heldBytes(credentials.account),
      startedAt: performance.now(),
      credentials,
    };
  };
  /** Logs an operation, when it has its result, or its events begin. */
  const log = (gateway: GatewayRequest, errors: readonly GraphQLError[] | undefined): void => {
    const { record, credentials, startedAt } = gateway;
    recordErrors(gateway, errors);
    record.trace?.end?.(record);
    journal.operation(record, credentials, performance.now() - startedAt);
  };

  /** Executes an operation. What is thrown is its result: otherwise its connection would be closed, with all others. */
  const settled = async (args: ExecutionArgs, how: 'execute' | 'subscribe') => {
    const { contextValue, [how]: run } = operationOf(args);
    const finished = (result: ExecutionResult) => finishResult(result, contextValue, finish);
    const failed = (error: unknown): ExecutionResult => ({ errors: finish([error], contextValue, true) });
    try {
      const result = await run(args);
      return isAsyncIterable<ExecutionResult>(result)
        ? guardEnd(mapAsyncIterator(result, finished, failed), failed)
        : finished(result);
    } catch (error) {
      return failed(error);
    }
  };

  useServer<Record<string, unknown>, Connection>(
    {
      isProd: true,
      connectionInitWaitTimeout: INIT_MS,
      execute: (args) => settled(args, 'execute'),
      subscribe: (args) => settled(args, 'subscribe'),
      onConnect(connected) {
        const { extra, connectionParams } = connected;
        const tooMany = checkCount(Object.keys(connectionParams ?? {}).length);
        if (tooMany !== undefined) return refuse(connected, CloseCode.BadRequest, tooMany);
        const sent = sentHeaders(extra.request.headers, connectionParams);
        const credentials = access.authorize(sent);
        if (credentials instanceof Refusal) return refuse(connected, CloseCode.Forbidden, credentials);
        const end = connections.begin(credentials.account);
        if (end === undefined) return refuse(connected, TRY_AGAIN_LATER, overloaded, credentials);
        const left = new AbortController();
        // Whatever else was sent is kept no longer than needed: it may be large.
        Object.assign(connected, { connectionParams: undefined });
        const headers = textsOf(sent);
        extra.caller = { headers, left, credentials, release: undefined, held: new Map(), sent: 0 };
        takeCredentials(connected, credentials);
        open.add(connected);
        extra.socket.once('close', () => {
          end();
          open.delete(connected);
          extra.caller?.release?.();
          for (const held of extra.caller?.held.values() ?? []) held.release();
          left.abort();
        });
        return true;
      },
      async onSubscribe(connected, id, params) {
        const gateway = nextRequest(connected, id);
        if (gateway instanceof Refusal) return finish([gateway], {}, true);
        const context = { gateway, requestId: gateway.requestId };
        const refused = (errors: readonly unknown[]): readonly GraphQLError[] => {
          const finished = finish(errors, context, true);
          log(gateway, finished);
          release(connected, params);
          return finished;
        };
        if (Object.keys(connected.subscriptions).length > MAX_OPERATIONS) return refused([tooManyOperations]);
        try {
          const bytes = messageBytes.get(connected.extra.socket) ?? 0;
          if (!gateway.held.keep(bytes * VALUES_FACTOR)) throw overloaded;
          connected.extra.caller?.held.set(params, gateway.held);
          const request = requestOf(yoga, endpoint, gateway.headers, gateway.signal);
          const operation = await prepareOperation(yoga, params, request, context);
          return 'contextValue' in operation ? operation : refused(operation);
        } catch (error) {
          return refused([error]);
        }
      },
      onOperation(_connected, _id, _params, args, result) {
        const { gateway } = operationOf(args).contextValue;
        if (gateway !== undefined) log(gateway, 'errors' in result ? result.errors : undefined);
      },
      onNext(_connected, _id, _params, _args, result) {
        const { errors, extensions } = result;
        if (errors === undefined && extensions === undefined) return undefined;
        const { data } = result;
        return {
          ...(errors && { errors: errors.map(formatted) }),
          ...(data !== undefined && { data }),
          ...(extensions && { extensions: withoutHttp(extensions) }),
        };
      },
      onError(connected, _id, params, errors) {
        release(connected, params);
        return errors.map(formatted);
      },
      onComplete(connected, _id, params) {
        release(connected, params);
        // It is still there as long as this is called.
        if (isDraining()) setImmediate(closeIfIdle, connected);
      },
    },
    server,
    PING_MS,
  );

  /**
   * Browsers let any page connect to any host, so the origin is checked: a page of another site must not read what the
   * gateway's own API key can read.
   */
  const refusalOf = (request: IncomingMessage): Refusal | undefined => {
    const { url = '', headers } = request;
    const invalid = checkHead(request, url, options.serves);
    if (invalid !== undefined) return invalid;
    if (url !== endpoint && !url.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
    const { origin, host = '' } = headers;
    if (origin !== undefined && !options.admits(origin, host)) return forbiddenOrigin;
    return isDraining() ? draining : undefined;
  };
  // The library leaves the connection to its listeners.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, invalidUpgrade(message), journal);
  });

  return {
    upgrade(request, duplex, head) {
      const refusal = refusalOf(request);
      if (refusal !== undefined) return refuseUpgrade(request, duplex, refusal, journal);
      server.handleUpgrade(request, duplex, head, (socket) => {
        server.emit('connection', socket, request);
        quieten(socket);
      });
    },
    close(withinMs = 0) {
      isClosing = true;
      for (const connected of open) setTimeout(closeIfIdle, Math.random() * withinMs, connected).unref();
    },
  };
}

/** What the library ends when a client completes an operation that has no events yet; of itself, it would let it go on. */
function ending(operation: AbortController): AsyncGenerator<ExecutionResult> {
  return Object.assign((async function* () {})(), {
    async return() {
      operation.abort();
      return { done: true as const, value: undefined };
    },
  });
}

/** What a plugin throws when its events end would end the process: the library waits for it, and catches nothing. */
function guardEnd(
  events: AsyncIterableIterator<ExecutionResult>,
  failed: (error: unknown) => unknown,
): AsyncIterableIterator<ExecutionResult> {
  const end = events.return?.bind(events);
  return Object.assign(events, {
    async return() {
      await Promise.try(() => end?.()).catch(failed);
      return { done: true as const, value: undefined };
    },
  });
}

/** Clients that leave or break the protocol are no news: the library would print each on stderr, which may be a full pipe. */
function quieten(socket: WebSocket): void {
  const send = socket.send.bind(socket);
  Object.assign(socket, { send: (data: string, done: () => void) => send(data, () => done()) });
  socket.removeAllListeners('error').on('error', () => undefined);
}

/** There is no response object: the HTTP server has let go of the connection. */
function refuseUpgrade(request: IncomingMessage, socket: Duplex, refusal: Refusal, journal: Journal): void {
  const requestId = requestIdOf(request.headers['x-request-id']);
  journal.refused(refusal, { requestId });
  const body = refusal.body(requestId);
  const headers = {
    ...refusal.responseHeaders(requestId),
    'content-length': Buffer.byteLength(body),
    connection: 'close',
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  const fuse = setTimeout(() => socket.destroy(), CLOSE_MS);
  socket.once('close', () => clearTimeout(fuse)).on('error', () => socket.destroy());
  // What still comes in is dropped. Otherwise the end of the connection would never be read.
  socket.resume().end(`HTTP/1.1 ${refusal.status} Refused\r\n${lines.join('')}\r\n${body}`);
}

/**
 * Browsers can't set headers, so they send them in the message that opens the connection, by names in any
 * case, of which lower case counts first. One that can't be a header stays as it is, to be refused: it must
 * not count as none, which may come with the gateway's own key.
 */
function sentHeaders(headers: IncomingHttpHeaders, params: unknown): SentHeaders {
  const named = Object.entries(isObject(params) ? params : {})
    .filter(([, value]) => value !== null)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => [name.toLowerCase(), value]);
  return Object.fromEntries([...Object.entries(headers), ...named]);
}

/** Creates what stands for a request by HTTP, for plugins: a new one for each operation, as they remember whom they have checked. */
function textsOf(headers: SentHeaders): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])),
  );
}

function requestOf(yoga: GatewayYoga, endpoint: string, headers: SentHeaders, signal: AbortSignal): Request {
  const { host = 'localhost' } = headers;
  return new yoga.fetchAPI.Request(`http://${String(host)}${endpoint}`, {
    method: 'POST',
    headers: { ...textsOf(headers), 'content-type': 'application/json' },
    signal,
  });
}

/** Returns an error as it is sent. */
function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, ...rest } = error.toJSON();
  return { ...rest, extensions: withoutHttp(extensions) };
}

/** Leaves out what is for HTTP only: a status, and headers. */
function withoutHttp({ http: _http, ...extensions }: Readonly<Record<string, unknown>>) {
  return extensions;
}

/** Returns what `onSubscribe` has made. */
function operationOf(args: ExecutionArgs): SocketOperation {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The library passes it on as it is.
  return args as SocketOperation;
}

function reasonOf(message: string): Buffer | string {
  return Buffer.byteLength(message) > MAX_REASON ? Buffer.from(message).subarray(0, MAX_REASON) : message;
}

const tooManyOperations = new Refusal(
  'TOO_MANY_SUBSCRIPTIONS',
  `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
);
const forbiddenOrigin = new Refusal(
  'FORBIDDEN',
  'Pages of this origin may not connect. If they should, list it in CORS_ORIGINS.',
);
/** For a connection that would be closed soon. */
const draining = new Refusal(
  'SUBSCRIPTION_DRAINED',
  'The gateway is stopping. Connect again: another replica will answer.',
);

/** @param problem what is wrong with its head */
function invalidUpgrade(problem: string): Refusal {
  return new Refusal('BAD_REQUEST', `Invalid upgrade to a WebSocket: ${problem}.`, {
    headers: { 'sec-websocket-version': '13' },
  });
}
