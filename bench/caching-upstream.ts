import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';

/**
 * The runs API that all contenders ask: what the embedded one answers to a path, remembered, so that it is never what
 * a measurement waits for.
 */
const RUNS_API = process.env['LETTA_BASE_URL'] ?? '';
const remembered = new Map<string, readonly [status: number, body: Uint8Array]>();

const server = createServer((request, response) => void serve(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${Object(server.address()).port}/\n`);
});

async function serve({ url = '/' }: IncomingMessage, response: ServerResponse): Promise<void> {
  const [status, body] = remembered.get(url) ?? (await ask(url));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function ask(url: string): Promise<readonly [status: number, body: Uint8Array]> {
  const answer = await fetch(RUNS_API + url);
  const entry = [answer.status, await answer.bytes()] as const;
  remembered.set(url, entry);
  return entry;
}
