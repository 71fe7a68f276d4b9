import process from 'node:process';
import express from 'express';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  sampleRuns: false,
  endpoint: '/api/graphql',
});

const app = express();
app.get('/', (_request, response) => void response.send('An app of yours'));
app.all(gateway.endpoint, gateway.listener);

const port = Number(process.env['PORT'] ?? 3000);
const server = app.listen(port, '127.0.0.1', () => console.log('Listening at', server.address()));
process.once('SIGTERM', () => {
  gateway.startDraining();
  server.close(() => void gateway[Symbol.asyncDispose]());
});
