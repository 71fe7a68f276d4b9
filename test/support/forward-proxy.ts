import { createServer, request, type RequestListener } from 'node:http';
import { createServer as createSecureServer, type ServerOptions } from 'node:https';
import { connect, type Socket } from 'node:net';
import { listenOn } from './listen-on.ts';

/**
 * An HTTP proxy, which wants these credentials.
 *
 * @param credentials such as `user:password`; none by default
 * @param tls of its own side, for an https proxy
 */
export async function startForwardProxy(credentials?: string, tls?: ServerOptions) {
  /** What it was asked for, such as `GET http://…` or `CONNECT …`. */
  const asked: string[] = [];
  const expected = credentials && `Basic ${Buffer.from(credentials).toString('base64')}`;
  const respond: RequestListener = (incoming, response) => {
    asked.push(`${incoming.method} ${incoming.url}`);
    const { 'proxy-authorization': given, ...headers } = incoming.headers;
    if (given !== expected) return response.writeHead(407).end();
    const outgoing = request(incoming.url ?? '', { method: incoming.method ?? '', headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    outgoing.on('error', () => response.destroy());
    return incoming.pipe(outgoing);
  };
  const server = tls ? createSecureServer(tls, respond) : createServer(respond);
  server.on('connect', (incoming, client: Socket) => {
    asked.push(`CONNECT ${incoming.url}`);
    if (incoming.headers['proxy-authorization'] !== expected)
      return client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
    const [host, port] = (incoming.url ?? '').split(':');
    const target = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(target).pipe(client);
    });
    target.on('error', () => client.destroy());
    return client.once('close', () => target.destroy());
  });
  return { ...(await listenOn(server)), server, asked };
}
