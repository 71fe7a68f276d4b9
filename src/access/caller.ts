import { addAbortListener } from 'node:events';
import type { Journal } from '../observability/journal.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { HeldMemory, MemoryFor } from '../scheduling/held-memory.ts';
import { acceptsEvents, acceptsResponses, notAcceptable } from './accept-header.ts';
import type { Access } from './access.ts';
import type { CallerConnections } from './caller-connections.ts';
import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import { overloaded, Refusal } from './refusal.ts';

export interface CallerOptions {
  readonly access: Access;
  readonly connections: CallerConnections;
  readonly memoryFor: MemoryFor;
  readonly tracing: Tracing;
  readonly journal: Journal;
}

/** Authenticates the caller, or refuses: 401, 403, and 406 if the client could not read any answer. */
export function useCaller(options: CallerOptions): GatewayPlugin {
  const { access, connections, memoryFor, tracing, journal } = options;
  return {
    onRequest({ request, serverContext, fetchAPI, endResponse }) {
      const { req, socket, signal, requestId = '' } = serverContext;
      const headers = req?.headers ?? socket?.headers ?? Object.fromEntries(request.headers);
      const refuse = (refusal: Refusal, caller?: { account: string; label: string | undefined }): void => {
        journal.refused(refusal, { requestId, ...caller });
        endResponse(refusal.response(requestId, fetchAPI));
      };
      const credentials = access.authorize(headers, req?.socket);
      if (credentials instanceof Refusal) return refuse(credentials);
      const { account } = credentials;
      const accept = socket === undefined ? headers['accept'] : '*/*';
      if (!acceptsResponses(accept)) return refuse(notAcceptable, credentials);
      // A WebSocket is counted when it opens, not for each operation.
      if (socket === undefined && !connections.begin(account, signal)) return refuse(overloaded, credentials);
      const memory = memoryFor(account);
      releaseAtEnd(memory, signal);
      serverContext.gateway = {
        requestId,
        headers,
        remoteAddress: req?.socket.remoteAddress,
        signal,
        takesEvents: acceptsEvents(accept),
        record: new OperationRecord(requestId, headers, tracing(headers)),
        memory,
        startedAt: performance.now(),
        credentials,
      };
    },
    onParams({ context }) {
      const gateway = gatewayOf(context);
      gateway.hasParams = true;
      // The secrets may have been replaced while the body was read.
      if (gateway.credentials.grant?.isRevoked !== true) return;
      const credentials = access.authorize(gateway.headers);
      if (credentials instanceof Refusal) throw credentials;
      gateway.credentials = credentials;
    },
  };
}

/** A function of its own: whatever else its caller has would stay as long as a stream. */
function releaseAtEnd(memory: HeldMemory, signal: AbortSignal): void {
  addAbortListener(signal, () => memory.release());
}
