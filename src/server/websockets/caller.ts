import { CloseCode, type Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import { OperationRecord } from '../../observability/operation-record.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import type { Tracing } from '../../observability/tracing.ts';
import type { GatewayRequest } from '../../plugins/gateway-request.ts';
import type { HeldBytes } from '../../plugins/held-bytes.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import type { Access, SentHeaders } from '../access.ts';
import { Refusal } from '../refusal.ts';
import { ending } from './execution.ts';
import { reasonOf } from './messages.ts';

export interface CallerOptions {
  readonly access: Access;
  readonly heldBytes: (account: string) => HeldBytes;
  readonly tracing: Tracing;
}

/** What is known of a connection. */
export interface Connection extends Extra, Record<PropertyKey, unknown> {
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

export type Connected = Context<Record<string, unknown>, Connection>;

/** Makes the connection close itself when its credentials are revoked, unless others take their place. */
export function takeCredentials({ extra: { caller, socket } }: Connected, credentials: Credentials): void {
  if (caller === undefined) return;
  caller.credentials = credentials;
  caller.release?.();
  caller.release = credentials.grant?.onRevoked(({ code, message }) => {
    if (code === 'UNAUTHENTICATED') socket.close(CloseCode.Unauthorized, reasonOf(message));
  });
}

/** Returns what is known of the next operation, or why it is refused. */
export function nextRequest(
  connected: Connected,
  id: string,
  { access, heldBytes, tracing }: CallerOptions,
): GatewayRequest | Refusal {
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
}

/** Lets go of what an operation holds. @param params what was sent */
export function release({ extra: { caller } }: Connected, params: object): void {
  caller?.held.get(params)?.release();
  caller?.held.delete(params);
}
