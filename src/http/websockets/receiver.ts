import { CloseCode } from 'graphql-ws';
import type { WebSocket } from 'ws';
import { parseInputJson } from '../../json/parse-json.ts';
import { reasonOf } from './messages.ts';

/** What clients send. graphql-ws prints the stack of an error for each of the other types, with no log to turn off. */
const CLIENT_TYPES = /^(?:connection_init|ping|pong|subscribe|complete)$/;

/** Parses the messages of clients for graphql-ws, which would do it by `JSON.parse`: see `parseInputJson`. */
export class Receiver {
  /** The latest message of any client. graphql-ws handles it, up to `onSubscribe`, before the next one. */
  latest = { message: undefined as unknown, id: '', bytes: 0 };

  /**
   * Takes the place of the listener of graphql-ws: that gets null, and `latest.message` from its reviver. Each operation
   * gets a key for its id there, since graphql-ws, once a completed operation ends, forgets whatever has its id by then.
   */
  receive(socket: WebSocket): void {
    const [handle] = socket.listeners('message');
    const keys = new Map<string, string>();
    let count = 0;
    socket.removeAllListeners('message').on('message', (data: Buffer) => {
      const parsed: Record<string, unknown> = Object(parse(String(data)));
      const isKnown = typeof parsed.type === 'string' && CLIENT_TYPES.test(parsed.type);
      const message: Record<string, unknown> = isKnown ? parsed : {};
      const { type } = message;
      const id = typeof message.id === 'string' ? message.id : '';
      if (type === 'subscribe' && keys.has(id))
        return socket.close(
          CloseCode.SubscriberAlreadyExists,
          reasonOf(`Subscriber for ${id} already exists`),
        );
      if (type === 'subscribe') keys.set(id, `${++count}`);
      const key = keys.get(id);
      if (id !== '') message.id = key ?? 'none';
      if (type === 'complete') keys.delete(id);
      this.latest = { message, id, bytes: data.length };
      const handled = Promise.resolve(handle?.('null'));
      // Answers have the id of the client.
      message.id = id;
      if (type === 'subscribe') void handled.then(() => keys.get(id) === key && keys.delete(id));
    });
  }
}

/** Returns undefined, which graphql-ws refuses, for invalid JSON. */
function parse(text: string): unknown {
  try {
    return parseInputJson(text);
  } catch {
    return undefined;
  }
}
