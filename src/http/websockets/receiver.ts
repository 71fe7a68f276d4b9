import type { WebSocket } from 'ws';
import { parseInputJson } from '../../json/parse-json.ts';

/** Parses the messages of clients for graphql-ws, which would do it by `JSON.parse`: see `parseInputJson`. */
export class Receiver {
  /** The latest message of any client, and its bytes. graphql-ws handles it, up to `onSubscribe`, before the next one. */
  latest: { readonly message: unknown; readonly bytes: number } | undefined;

  /** Takes the place of the listener of graphql-ws: that gets null, and `latest.message` from its reviver. */
  receive(socket: WebSocket): void {
    const [handle] = socket.listeners('message');
    socket.removeAllListeners('message').on('message', (data: Buffer) => {
      this.latest = { message: parse(String(data)), bytes: data.length };
      handle?.('null');
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
