import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import process from 'node:process';
import { spell } from './harness/json-forms.ts';

/**
 * The runs API that all contenders ask: what the embedded one answers to a path, remembered, so that it is never what
 * a measurement waits for. `PUT /NAME` changes how lists of runs are spelled.
 */
const RUNS_API = process.env['LETTA_BASE_URL'] ?? '';
const remembered = new Map<string, readonly [status: number, body: Buffer]>();
let spelling = '';

const server = createServer((request, response) => void serve(request, response));
server.listen(0, '127.0.0.1', () => {
  process.stdout.write(`http://127.0.0.1:${Object(server.address()).port}/\n`);
});

async function serve({ url = '/', method }: IncomingMessage, response: ServerResponse): Promise<void> {
  if (method === 'PUT') {
    spelling = decodeURIComponent(url.slice(1));
    remembered.clear();
  }
  const [status, body] = remembered.get(url) ?? (await ask(url));
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  response.end(body);
}

async function ask(url: string): Promise<readonly [status: number, body: Buffer]> {
  const answer = await fetch(RUNS_API + url);
  const sent = await answer.text();
  const isSpelled = spelling !== '' && answer.ok && url.startsWith('/v1/runs/?');
  const entry = [answer.status, Buffer.from(isSpelled ? spell(spelling, JSON.parse(sent)) : sent)] as const;
  remembered.set(url, entry);
  return entry;
}
