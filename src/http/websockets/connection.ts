import { CloseCode, type Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Access } from '../../access/access.ts';
import { Refusal } from '../../access/refusal.ts';
import type { Credentials, Revocation } from '../../upstream/credentials.ts';
import { reasonOf } from './messages.ts';

const GOING_AWAY = 1001;

interface Client {
  readonly headers: Readonly<Record<string, string>>;
  readonly credentials: Credentials;
  /** The number of operations that the client has sent. */
  sent: number;
  /** Stops waiting until the credentials are revoked. */
  stopWaiting?: (() => void) | undefined;
}

/** A connection; `client` is set once its client was authenticated. */
export interface Connection extends Extra, Record<PropertyKey, unknown> {
  client?: Client;
}

export type Connected = Context<Record<string, unknown>, Connection>;

/** Closes a connection when the credentials of its client are revoked, unless its headers are still valid. */
export function closeWhenRevoked(
  socket: WebSocket,
  client: Client,
  access: Access,
  revocation?: Revocation,
): void {
  client.stopWaiting = revocation?.onRevoked(({ message }) => {
    const now = access.authenticate(client.headers);
    if (now instanceof Refusal) socket.close(CloseCode.Unauthorized, reasonOf(message));
    else closeWhenRevoked(socket, client, access, now.revocation);
  });
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
