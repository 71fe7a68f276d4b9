import type { IncomingMessage } from 'node:http';
import type { Credentials } from '../../upstream/credentials.ts';

/** What is known of a WebSocket, and the operations that are open on it. */
export interface Conversation extends Record<PropertyKey, unknown> {
  readonly request: IncomingMessage;
  /** Undefined until the client has said who it is. */
  credentials: Credentials | undefined;
  /** Of the message that is being handled. */
  readonly payload: unknown;
  /** How many operations are open. */
  readonly size: number;
  /** Opens an operation. Its signal aborts when the connection is closed. */
  begin(): AbortController;
  /** The operation has ended. */
  finish(operation: AbortController): void;
  /**
   * Takes a message, and returns it for the library that speaks the protocol: without its payload, which
   * would be parsed once more, by `JSON.parse`. Undefined for what is no message.
   */
  receive(message: unknown): string | undefined;
  /** Closes the connection of a client that may not go on, and says why. */
  refuse(reason: string): void;
  closeWhenIdle(): void;
  /** The connection is closed. */
  end(): void;
}

const GOING_AWAY = [1001, 'Going away'] as const;
const FORBIDDEN = 4403;
/** Bytes of a reason, by RFC 6455, section 5.5. */
const MAX_REASON = 123;

/** @param close closes the connection */
export function createConversation(
  request: IncomingMessage,
  close: (code: number, reason: string) => void,
): Conversation {
  // Not those of the library: it loses one if a client uses an id again.
  const operations = new Set<AbortController>();
  let payload: unknown;
  let isClosing = false;
  return {
    request,
    credentials: undefined,
    get payload() {
      return payload;
    },
    get size() {
      return operations.size;
    },
    begin() {
      const operation = new AbortController();
      operations.add(operation);
      return operation;
    },
    finish(operation) {
      operations.delete(operation);
      // What it was answered is sent first.
      if (isClosing && operations.size === 0) setImmediate(close, ...GOING_AWAY);
    },
    receive(message) {
      if (!isObject(message)) return undefined;
      const { type, id } = message;
      ({ payload } = message);
      return JSON.stringify({
        type,
        id,
        ...(type === 'subscribe' && { payload: isObject(payload) && QUERY }),
      });
    },
    refuse(reason) {
      close(FORBIDDEN, reason.slice(0, MAX_REASON));
    },
    closeWhenIdle() {
      isClosing = true;
      if (operations.size === 0) close(...GOING_AWAY);
    },
    end() {
      for (const operation of operations) operation.abort();
      operations.clear();
    },
  };
}

/** The library insists on one, although documents may be named by an id. */
const QUERY = { query: '' };

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
