import { CloseCode, type Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { WebSocket } from 'ws';
import type { Access, SentHeaders } from '../../access/access.ts';
import { Refusal } from '../../access/refusal.ts';
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
    /** Ends each open operation, by its payload: ids are used again. */
    readonly ends: WeakMap<object, AbortController>;
  };
}

export type Connected = Context<Record<string, unknown>, Connection>;

/** Closes a connection when its credentials are revoked, unless its headers are still valid. @returns a function to stop */
export function closeWhenRevoked(
  { socket }: Connection,
  access: Pick<Access, 'authorize'>,
  headers: SentHeaders,
  credentials: Credentials,
): () => void {
  let stop: (() => void) | undefined;
  const watch = ({ grant }: Credentials): void => {
    stop = grant?.onRevoked(({ message }) => {
      const now = access.authorize(headers);
      if (now instanceof Refusal) socket.close(CloseCode.Unauthorized, reasonOf(message));
      else watch(now);
    });
  };
  watch(credentials);
  return () => stop?.();
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
