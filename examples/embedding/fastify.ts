import process from 'node:process';
import fastify from 'fastify';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  sampleRuns: false,
  endpoint: '/api/graphql',
});

// As Node does: by default a connection that an event stream has ended on would be kept for 72 s.
const app = fastify({ keepAliveTimeout: 5_000 });
app.get('/', () => 'An app of yours');
await app.register(async (routes) => {
  // The gateway reads the body itself.
  routes.removeAllContentTypeParsers();
  routes.addContentTypeParser('*', (_request, _body, done) => done(null));
  routes.all(gateway.endpoint, (request, reply) => {
    reply.hijack();
    gateway.listener(request.raw, reply.raw);
  });
});
app.addHook('onClose', () => gateway[Symbol.asyncDispose]());

await app.listen({ port: Number(process.env['PORT'] ?? 3000) });
console.log('Listening at', app.server.address());
process.once('SIGTERM', () => {
  gateway.startDraining();
  void app.close();
});
