import { readFile } from 'node:fs/promises';
import {
  createServer,
  type IncomingMessage,
  request as sendRequest,
  type Server,
  type ServerResponse,
} from 'node:http';
import process from 'node:process';

const { PORT = '5173', GATEWAY_URL = 'http://127.0.0.1:4000', ACCESS_TOKEN } = process.env;

/** The files of the page, by path. */
const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html'],
  '/style.css': ['style.css', 'text/css'],
  '/main.js': ['main.js', 'text/javascript'],
  '/gateway.js': ['gateway.js', 'text/javascript'],
};

interface PageOptions {
  /** Where the gateway is, without a path. */
  readonly gatewayUrl: string;
  /** Sent to a gateway that wants one, so that the browser needs none. */
  readonly token?: string | undefined;
}

/** Serves the page, and passes `/graphql` on to the gateway, as a reverse proxy does in production. */
export function createPageServer({ gatewayUrl, token }: PageOptions): Server {
  return createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    if (pathname === '/graphql') passOn(request, response, { gatewayUrl, token });
    else void sendFile(response, FILES[pathname]);
  });
}

async function sendFile(response: ServerResponse, entry: (typeof FILES)[string] | undefined): Promise<void> {
  if (entry === undefined) {
    response.writeHead(404).end();
    return;
  }
  const [file, type] = entry;
  const body = await readFile(new URL(`page/${file}`, import.meta.url));
  response.writeHead(200, {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': "default-src 'self'; img-src data:",
  });
  response.end(body);
}

/** Passes a request on, and its answer back as it comes: a stream of events must not wait for its end. */
function passOn(
  request: IncomingMessage,
  response: ServerResponse,
  { gatewayUrl, token }: PageOptions,
): void {
  const { method, headers, url = '' } = request;
  const upstream = sendRequest(new URL(url, gatewayUrl), {
    method,
    headers: { ...headers, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
  });
  upstream.on('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  upstream.on('error', () => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end();
  });
  response.on('close', () => upstream.destroy());
  request.pipe(upstream);
}

if (import.meta.main) {
  const server = createPageServer({ gatewayUrl: GATEWAY_URL, token: ACCESS_TOKEN });
  server.listen(Number(PORT), '127.0.0.1', () => {
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : PORT;
    process.stdout.write(`Live runs: http://127.0.0.1:${port}/ (of the gateway at ${GATEWAY_URL})\n`);
  });
}
