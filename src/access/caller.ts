import type { Journal } from '../observability/journal.ts';
import { OperationRecord } from '../observability/operation-record.ts';
import type { Tracing } from '../observability/tracing.ts';
import { Counts } from '../scheduling/counts.ts';
import type { HeldMemory, MemoryFor } from '../scheduling/held-memory.ts';
import type { Credentials } from '../upstream/credentials.ts';
import { acceptsResponses, notAcceptable } from './accept-header.ts';
import type { Access } from './access.ts';
import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import { overloaded, Refusal } from './refusal.ts';

/** Limits the connections of each caller that have a request under way. */
export class CallerConnections {
  readonly #maxPerCaller: number;
  readonly #underWay = new Counts();

  constructor(maxPerCaller: number) {
    this.#maxPerCaller = maxPerCaller;
  }

  /** Counts a connection until `end`. @returns false if the caller has too many */
  begin(account: string): boolean {
    if (this.#underWay.get(account) >= this.#maxPerCaller) return false;
    this.#underWay.add(account, 1);
    return true;
  }

  end(account: string): void {
    this.#underWay.add(account, -1);
  }
}

export interface CallerOptions {
  readonly access: Access;
  readonly connections: CallerConnections;
  readonly memoryFor: MemoryFor;
  readonly tracing: Tracing;
  readonly journal: Journal;
}

type RequestPayload = Parameters<NonNullable<GatewayPlugin['onRequest']>>[0];

/** Authenticates the caller, or refuses: 401, 403, and 406 if the client could not read any answer. */
export function useCaller(options: CallerOptions): GatewayPlugin {
  const { access, connections, memoryFor, tracing, journal } = options;
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
      // The operations of a WebSocket share their headers, by which their streams are known to end together.
      const credentials = access.authenticate(headers, req?.socket ?? socket?.headers);
      if (credentials instanceof Refusal) return refuse(payload, credentials);
      const { account } = credentials;
      if (socket === undefined) {
        if (!acceptsResponses(headers['accept'])) return refuse(payload, notAcceptable, credentials);
        // A WebSocket is counted when it opens, not for each operation.
        if (!connections.begin(account)) return refuse(payload, overloaded, credentials);
      }
      const memory = memoryFor(account);
      releaseAtEnd(signal, memory, account, socket === undefined ? connections : undefined);
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

/** Releases what a request holds. A function of its own: whatever else its caller has would stay as long as a stream. */
function releaseAtEnd(
  signal: AbortSignal,
  memory: HeldMemory,
  account: string,
  connections: CallerConnections | undefined,
): void {
  const release = (): void => {
    memory.release();
    connections?.end(account);
  };
  if (signal.aborted) release();
  else signal.addEventListener('abort', release, { once: true });
}
