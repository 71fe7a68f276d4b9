import { createServer } from 'node:http';
import process from 'node:process';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  sampleRuns: false,
  endpoint: '/api/graphql',
});

const server = createServer((request, response) => {
  const [path] = (request.url ?? '/').split('?');
  if (path === gateway.endpoint) gateway.listener(request, response);
  else response.end('An app of yours');
});

const port = Number(process.env['PORT'] ?? 3000);
server.listen(port, '127.0.0.1', () => console.log('Listening at', server.address()));
process.once('SIGTERM', () => {
  gateway.startDraining();
  server.close(() => void gateway[Symbol.asyncDispose]());
});
