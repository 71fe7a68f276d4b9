import type { Journal } from '../observability/journal.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import type { Tracing } from '../observability/tracing.ts';
import { Counts } from '../scheduling/counts.ts';
import type { Access } from '../server/access.ts';
import { overloaded, Refusal } from '../server/refusal.ts';
import { acceptsEvents, acceptsResponses, notAcceptable } from './accept.ts';
import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import type { HeldBytes } from './held-bytes.ts';

/** How many connections of each caller have a request under way. */
export interface CallerConnections {
  /** @returns a function to call when the request is over; undefined if the caller has too many */
  begin(account: string): (() => void) | undefined;
}

export function createCallerConnections(maxOfCaller: number): CallerConnections {
  const underWay = new Counts();
  return {
    begin(account) {
      if (underWay.get(account) >= maxOfCaller) return undefined;
      underWay.add(account, 1);
      let isOver = false;
      return () => {
        if (!isOver) underWay.add(account, -1);
        isOver = true;
      };
    },
  };
}

export interface CallerOptions {
  readonly access: Access;
  readonly connections: CallerConnections;
  readonly heldBytes: (account: string) => HeldBytes;
  readonly tracing: Tracing;
  readonly journal: Journal;
}

/** Finds out who is asking, or refuses: 401, 403, and 406 before anything is executed that the client could not read. */
export function useCaller({
  access,
  connections,
  heldBytes,
  tracing,
  journal,
}: CallerOptions): GatewayPlugin {
  return {
    onRequest({ request, serverContext, fetchAPI, endResponse }) {
      const { req, res, socket, requestId = '' } = serverContext;
      const headers = req?.headers ?? socket?.headers ?? Object.fromEntries(request.headers);
      const refuse = (refusal: Refusal, who?: { account: string; label: string | undefined }): void => {
        journal.refused(refusal, { requestId, ...who });
        endResponse(refusal.response(requestId, fetchAPI));
      };
      const credentials = access.authorize(headers, req?.socket);
      if (credentials instanceof Refusal) return refuse(credentials);
      const { account } = credentials;
      const accept = socket === undefined ? headers['accept'] : '*/*';
      if (!acceptsResponses(accept)) return refuse(notAcceptable, credentials);
      // A WebSocket counts as long as it is open.
      const endConnection = socket === undefined ? connections.begin(account) : () => undefined;
      if (endConnection === undefined) return refuse(overloaded, credentials);
      const held = heldBytes(account);
      // Aborted after every answer: a plugin may have answered in place of a stream, which would go on.
      const over = socket?.over ?? new AbortController();
      serverContext.whenOver?.(() => {
        endConnection();
        held.release();
        over.abort();
      });
      const { signal } = over;
      if (res === undefined && socket === undefined) {
        // `AbortSignal.any` takes signals of the platform alone, and frameworks have others.
        if (request.signal.aborted) over.abort();
        request.signal.addEventListener('abort', () => over.abort(), { once: true });
      }
      serverContext.gateway = {
        requestId,
        headers,
        remoteAddress: req?.socket.remoteAddress,
        signal,
        takesEvents: acceptsEvents(accept),
        record: new OperationRecord(requestId, headers, tracing(headers)),
        held,
        startedAt: performance.now(),
        credentials,
      };
    },
    onParams({ context }) {
      const gateway = gatewayOf(context);
      gateway.hasParams = true;
      // While the body came in, the secrets may have been replaced.
      if (gateway.credentials.grant?.isRevoked !== true) return;
      const credentials = access.authorize(gateway.headers);
      if (credentials instanceof Refusal) throw credentials;
      gateway.credentials = credentials;
    },
  };
}
