import { once } from 'node:events';
import { WebSocket } from 'ws';

interface Message {
  readonly type: string;
  readonly id?: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- Looked into by tests.
  readonly payload?: any;
}

/** Stands for no `connection_init`. */
export const NO_INIT = Symbol('no connection_init');

/**
 * A WebSocket as a client of `graphql-transport-ws` has it, for what no client library sends.
 *
 * @param init the payload of `connection_init`
 */
export async function openSocket(url: string, init: unknown = {}, headers = {}, options = {}) {
  const client = new WebSocket(url.replace('http', 'ws'), 'graphql-transport-ws', { headers, ...options });
  /** What has come and was not taken yet. */
  const inbox: Message[] = [];
  let wake = (): void => undefined;
  client.on('message', (data: Buffer) => {
    inbox.push(JSON.parse(data.toString()));
    wake();
  });
  client.on('error', () => undefined);
  /** The code with which the connection was closed. */
  const closed = new Promise<number>((resolve) => client.once('close', resolve));
  /** The reason that was given for it. */
  const reason = new Promise<string>((resolve) =>
    client.once('close', (_code, text) => resolve(String(text))),
  );
  void closed.then(() => wake());
  await once(client, 'open');
  const socket = {
    client,
    inbox,
    closed,
    reason,
    send: (message: unknown) => client.send(typeof message === 'string' ? message : JSON.stringify(message)),
    /** Returns the next message. Rejects if the connection is closed before. */
    async next(): Promise<Message> {
      for (;;) {
        const message = inbox.shift();
        if (message !== undefined) return message;
        if (client.readyState === client.CLOSED) throw new Error(`Closed with ${await closed}`);
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
    async [Symbol.asyncDispose]() {
      client.terminate();
      await closed;
    },
  };
  if (init !== NO_INIT) socket.send({ type: 'connection_init', payload: init });
  return socket;
}
