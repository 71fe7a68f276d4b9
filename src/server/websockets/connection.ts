import { CloseCode, type Context } from 'graphql-ws';
import type { Extra } from 'graphql-ws/use/ws';
import type { Credentials } from '../../upstream/credentials.ts';
import type { Access, SentHeaders } from '../access.ts';
import { Refusal } from '../refusal.ts';
import { reasonOf } from './messages.ts';

const GOING_AWAY = 1001;

/** What is known of a connection whose client was let in. */
export interface Connection extends Extra, Record<PropertyKey, unknown> {
  client?: {
    readonly headers: Readonly<Record<string, string>>;
    readonly credentials: Credentials;
    /** How many operations it has sent. */
    sent: number;
    /** Ends each open operation, by what was sent: ids are used again. */
    readonly ends: WeakMap<object, AbortController>;
  };
}

export type Connected = Context<Record<string, unknown>, Connection>;

/** Closes a connection when its credentials are revoked, unless its headers still let it in. @returns what ends that */
export function closeWhenRevoked(
  { socket }: Connection,
  access: Pick<Access, 'authorize'>,
  headers: SentHeaders,
  credentials: Credentials,
): () => void {
  let forget: (() => void) | undefined;
  const watch = ({ grant }: Credentials): void => {
    forget = grant?.onRevoked(({ message }) => {
      const now = access.authorize(headers);
      if (now instanceof Refusal) socket.close(CloseCode.Unauthorized, reasonOf(message));
      else watch(now);
    });
  };
  watch(credentials);
  return () => forget?.();
}

/** Closes a connection that has no operation. */
export function closeIfIdle({ extra, subscriptions }: Connected): void {
  if (Object.keys(subscriptions).length === 0) extra.socket.close(GOING_AWAY, 'Going away');
}
