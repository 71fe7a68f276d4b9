import type { GraphQLError } from 'graphql';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Journal } from '../../observability/journal.ts';
import type { CallerConnections } from '../../plugins/caller.ts';
import { type Finish, recordErrors } from '../../plugins/errors.ts';
import type { GatewayRequest } from '../../plugins/gateway-request.ts';
import { bytesOfParams } from '../../plugins/held-bytes.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { checkCount } from '../guard.ts';
import type { UpgradeHandler } from '../listen-options.ts';
import { overloaded, Refusal } from '../refusal.ts';
import {
  type CallerOptions,
  type Connected,
  type Connection,
  nextRequest,
  release,
  takeCredentials,
} from './caller.ts';
import { executeSafely, operationOf } from './execution.ts';
import { formatted, reasonOf, sentHeaders, sentResult, textsOf } from './messages.ts';
import { type GatewayYoga, prepareOperation, requestOf } from './operations.ts';
import { MAX_OPERATIONS, watchReplies } from './replies.ts';
import { CLOSE_MS, invalidUpgrade, refusalOfUpgrade, refuseUpgrade, type UpgradeOptions } from './upgrade.ts';

/** Bytes of a message. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** Frames of a message, and parts in which a frame comes in: each costs more than its bytes. */
const MAX_PARTS = 256;
/** Milliseconds until a client must have said who it is. */
const INIT_MS = 5_000;
/** Milliseconds between pings. A client that doesn't answer one before the next is gone. */
const PING_MS = 12_000;

const TRY_AGAIN_LATER = 1013;
const GOING_AWAY = 1001;

export interface WebSocketOptions extends UpgradeOptions, CallerOptions {
  readonly yoga: GatewayYoga;
  readonly connections: CallerConnections;
  readonly finish: Finish;
  readonly journal: Journal;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSockets {
  /** Refuses a connection, or takes it over. */
  readonly upgrade: UpgradeHandler;
  /** Closes those without an operation, each at a random time, and the others when theirs have ended; takes no more. */
  readonly close: (withinMs?: number) => void;
}

export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { yoga, endpoint, access, connections, finish, journal } = options;
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

  const refuse = (connected: Connected, status: number, refusal: Refusal, who?: Credentials): false => {
    journal.refused(refusal, { account: who?.account, label: who?.label });
    connected.extra.socket.close(status, reasonOf(refusal.message));
    return false;
  };
  /** Logs an operation, when it has its result, or its events begin. */
  const log = (gateway: GatewayRequest, errors: readonly GraphQLError[] | undefined): void => {
    const { record, credentials, startedAt, signal } = gateway;
    recordErrors(gateway, errors);
    if (signal.aborted) record.code = 'ABORTED';
    record.trace?.end?.(record);
    if (signal.aborted) return;
    journal.operation(record, credentials, performance.now() - startedAt);
  };

  useServer<Record<string, unknown>, Connection>(
    {
      isProd: true,
      connectionInitWaitTimeout: INIT_MS,
      execute: (args) => executeSafely(args, 'execute', finish),
      subscribe: (args) => executeSafely(args, 'subscribe', finish),
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
        const gateway = nextRequest(connected, id, options);
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
          if (!gateway.held.keep(bytesOfParams(bytes, params.query))) throw overloaded;
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
      onNext: (_connected, _id, _params, _args, result) => sentResult(result),
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

  // The library leaves the connection to its listeners.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, invalidUpgrade(message), journal);
  });

  return {
    upgrade(request, duplex, head) {
      const refusal = refusalOfUpgrade(request, { ...options, isDraining });
      if (refusal !== undefined) return refuseUpgrade(request, duplex, refusal, journal);
      server.handleUpgrade(request, duplex, head, (socket) => {
        server.emit('connection', socket, request);
        watchReplies(socket);
      });
    },
    close(withinMs = 0) {
      isClosing = true;
      for (const connected of open) setTimeout(closeIfIdle, Math.random() * withinMs, connected).unref();
    },
  };
}

function closeIfIdle({ extra, subscriptions }: Connected): void {
  if (Object.keys(subscriptions).length === 0) extra.socket.close(GOING_AWAY, 'Going away');
}

const tooManyOperations = new Refusal(
  'TOO_MANY_SUBSCRIPTIONS',
  `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
);
