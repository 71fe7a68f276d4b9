import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import process from 'node:process';

type Listener = (request: IncomingMessage, response: ServerResponse) => unknown;

/**
 * Listens on a free port of this machine, and prints the address for who started the process. A
 * listener that fails ends it: a failure is no figure.
 */
export function serve(listener: Listener): void {
  const server = createServer((request, response) => {
    listener(request, response);
  });
  server.listen(0, '127.0.0.1', () => {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It listens on TCP.
    const { port } = server.address() as AddressInfo;
    process.stdout.write(`http://127.0.0.1:${port}\n`);
  });
}
