import { readFile } from 'node:fs/promises';
import { createServer, request as sendRequest, type Server } from 'node:http';
import process from 'node:process';

const { PORT = '5173', GATEWAY_URL = 'http://127.0.0.1:4000', ACCESS_TOKEN } = process.env;

const FILES: Readonly<Record<string, readonly [file: string, type: string]>> = {
  '/': ['index.html', 'text/html; charset=utf-8'],
  '/style.css': ['style.css', 'text/css'],
  '/main.js': ['main.js', 'text/javascript'],
  '/gateway.js': ['gateway.js', 'text/javascript'],
};

/**
 * Serves the page, and passes all else on to the gateway, as a reverse proxy does in production.
 *
 * @param token for a gateway that wants one, so that the browser needs none
 */
export function createPageServer(gatewayUrl: string, token?: string): Server {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return createServer((request, response) => {
    const { url = '/', method, headers } = request;
    const [file, type] = FILES[url] ?? [];
    if (file !== undefined) {
      response.writeHead(200, {
        'content-type': type,
        'content-security-policy': "default-src 'self'; img-src data:",
      });
      void readFile(new URL(`page/${file}`, import.meta.url)).then((body) => response.end(body));
      return;
    }
    const options = { method, headers: { ...headers, ...authorization } };
    const upstream = sendRequest(new URL(url, gatewayUrl), options, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      // As it comes: a stream of events must not wait for its end.
      answer.on('error', () => response.destroy()).pipe(response);
    });
    upstream.on('error', () => (response.headersSent ? response.destroy() : response.writeHead(502).end()));
    response.on('close', () => upstream.destroy());
    request.pipe(upstream);
  });
}

if (import.meta.main) {
  createPageServer(GATEWAY_URL, ACCESS_TOKEN).listen(Number(PORT), '127.0.0.1', () => {
    process.stdout.write(`Live runs of the gateway at ${GATEWAY_URL}: http://127.0.0.1:${PORT}/\n`);
  });
}
