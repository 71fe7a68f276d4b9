// Opens streams, and drops what comes: in a process of its own, so that reading them delays nothing that is measured.
// Arguments: the address of GraphQL, the subscription, how many streams, and how many callers they belong to.
import { once } from 'node:events';
import { connect } from 'node:net';
import process from 'node:process';

const [address = '', body = '', count = '0', callers = '1'] = process.argv.slice(2);
const { hostname, port, host, pathname } = new URL(address);
let opened = 0;
for (let index = 0; index < Number(count); index++) {
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    `POST ${pathname} HTTP/1.1\r\nhost: ${host}\r\naccept: text/event-stream\r\ncontent-type: application/json\r\nauthorization: Bearer many-${index % Number(callers)}\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.once('data', (chunk) => {
    if (!String(chunk).startsWith('HTTP/1.1 200')) throw new Error(String(chunk).slice(0, 300));
    if (++opened === Number(count)) process.send?.('opened');
    socket.resume();
  });
}
