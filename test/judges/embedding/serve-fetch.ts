import { createServer } from 'node:http';
import process from 'node:process';
import { createServerAdapter } from '@whatwg-node/server';

interface FetchHandler {
  fetch(request: Request): Response | Promise<Response>;
}

// Serves the default export of the module that is named, as Bun, Deno and others do.
const { default: app }: { default: FetchHandler } = await import(process.argv[2] ?? '');
const adapter = createServerAdapter((request) => app.fetch(request));
const server = createServer((request, response) => void adapter(request, response));
server.listen(0, '127.0.0.1', () => console.log('Listening at', server.address()));
