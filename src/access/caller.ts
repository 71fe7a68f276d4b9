import type { Journal } from '../observability/journal.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import type { Tracing } from '../observability/tracing.ts';
import { Counts } from '../scheduling/counts.ts';
import type { MemoryFor } from '../scheduling/held-memory.ts';
import type { Credentials } from '../upstream/credentials.ts';
import { acceptsResponses, notAcceptable } from './accept-header.ts';
import type { Access } from './access.ts';
import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import { overloaded, Refusal } from './refusal.ts';

/** Counts a request or a WebSocket of an account until the returned function is called; undefined if it has too many. */
export type OpenRequest = (account: string) => (() => void) | undefined;

/** Limits how many requests and WebSockets each account has open. */
export function limitRequests(maxPerAccount: number): OpenRequest {
  const underWay = new Counts();
  return (account) => {
    if (underWay.get(account) >= maxPerAccount) return undefined;
    underWay.add(account, 1);
    return () => underWay.add(account, -1);
  };
}

export interface CallerOptions {
  readonly access: Access;
  readonly openRequest: OpenRequest;
  readonly memoryFor: MemoryFor;
  readonly tracing: Tracing;
  readonly journal: Journal;
}

type RequestPayload = Parameters<NonNullable<GatewayPlugin['onRequest']>>[0];

/** Authenticates the caller, or refuses with 401 or 403; also with 406 if the client could not read any response. */
export function useCaller(options: CallerOptions): GatewayPlugin {
  const { access, openRequest, memoryFor, tracing, journal } = options;
  const refuse = (payload: RequestPayload, refusal: Refusal, caller?: Credentials): void => {
    const { requestId = '' } = payload.serverContext;
    journal.refused(refusal, { requestId, ...caller });
    payload.endResponse(refusal.response(requestId, payload.fetchAPI));
  };
  return {
    onRequest(payload) {
      const { request, serverContext } = payload;
      const { req, socket, signal, requestId = '' } = serverContext;
      const headers = req?.headers ?? socket?.headers ?? Object.fromEntries(request.headers);
      const credentials = socket?.credentials ?? access.authenticate(headers);
      if (credentials instanceof Refusal) return refuse(payload, credentials);
      const { account } = credentials;
      if (socket === undefined && !acceptsResponses(headers['accept']))
        return refuse(payload, notAcceptable, credentials);
      // A WebSocket is counted when it opens, not for each operation.
      const closeRequest = socket === undefined ? openRequest(account) : () => undefined;
      if (closeRequest === undefined) return refuse(payload, overloaded, credentials);
      const memory = memoryFor(account);
      const release = (): void => {
        memory.release();
        closeRequest();
      };
      if (signal.aborted) release();
      else signal.addEventListener('abort', release, { once: true });
      serverContext.gateway = {
        headers,
        signal,
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
      if (gateway.credentials.revocation?.isRevoked !== true) return;
      const credentials = access.authenticate(gateway.headers);
      if (credentials instanceof Refusal) throw credentials;
      gateway.credentials = credentials;
    },
  };
}
