import process from 'node:process';
import fastify from 'fastify';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  endpoint: '/api/graphql',
});

const app = fastify();
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
process.once('SIGTERM', () => void app.close());
