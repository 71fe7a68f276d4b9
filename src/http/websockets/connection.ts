import type { WebSocket } from 'ws';
import type { Access } from '../../access/access.ts';
import { Refusal } from '../../access/refusal.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { reasonOf } from './messages.ts';

/** A client that was authenticated. */
export interface Client {
  /** The headers of the upgrade, merged with those of `connection_init`. */
  readonly headers: Readonly<Record<string, string>>;
  credentials: Credentials;
  /** The number of operations that the client has sent. */
  sent: number;
  /** Stops waiting until the credentials are revoked. */
  stopWaiting?: (() => void) | undefined;
}

/** Closes a connection when the credentials of its client are revoked, unless its headers are still valid. */
export function closeWhenRevoked(socket: WebSocket, client: Client, access: Access): void {
  client.stopWaiting = client.credentials.revocation?.onRevoked(({ message }) => {
    const now = access.authenticate(client.headers);
    if (now instanceof Refusal) return socket.close(4401, reasonOf(message));
    client.credentials = now;
    closeWhenRevoked(socket, client, access);
  });
}
