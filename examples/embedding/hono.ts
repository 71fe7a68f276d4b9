import process from 'node:process';
import { Hono } from 'hono';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  sampleRuns: false,
  endpoint: '/api/graphql',
});

const app = new Hono();
app.get('/', (context) => context.text('An app of yours'));
app.all(gateway.endpoint, (context) => gateway.fetch(context.req.raw));

export default app;
