import { addAbortListener } from 'node:events';
import { CloseCode, type Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Access } from '../../access/access.ts';
import { Refusal } from '../../access/refusal.ts';
import type { SentHeaders } from '../../observability/trace-context.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { reasonOf } from './messages.ts';

const GOING_AWAY = 1001;

/** A connection; `client` is set once its client was authenticated. */
export interface Connection extends Extra, Record<PropertyKey, unknown> {
  client?: {
    readonly headers: Readonly<Record<string, string>>;
    readonly credentials: Credentials;
    /** The number of operations that the client has sent. */
    sent: number;
  };
}

export type Connected = Context<Record<string, unknown>, Connection>;

/**
 * Closes a connection when its credentials are revoked, unless its headers are still valid.
 *
 * @param signal aborts when the connection is closed
 */
export function closeWhenRevoked(
  connection: Connection,
  access: Pick<Access, 'authorize'>,
  headers: SentHeaders,
  { grant }: Credentials,
  signal: AbortSignal,
): void {
  const stop = grant?.onRevoked(({ message }) => {
    const now = access.authorize(headers);
    if (now instanceof Refusal) connection.socket.close(CloseCode.Unauthorized, reasonOf(message));
    else closeWhenRevoked(connection, access, headers, now, signal);
  });
  if (stop) addAbortListener(signal, stop);
}

/** Closes a connection that has no operation. */
export function closeIfIdle({ extra, subscriptions }: Connected): void {
  if (Object.keys(subscriptions).length === 0) extra.socket.close(GOING_AWAY, 'Going away');
}

/** Sends a message, and waits until it is written. Never rejects. */
export async function sendMessage(socket: WebSocket, message: Uint8Array): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  return new Promise((resolve) => socket.send(message, () => resolve()));
}
