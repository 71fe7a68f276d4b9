import process from 'node:process';
import { createGateway } from 'runs-gateway';

const gateway = await createGateway({
  upstreamUrl: process.env['LETTA_BASE_URL'],
  sampleRuns: false,
  endpoint: '/api/graphql',
  plugins: [
    {
      onExecute({ args }) {
        const startedAt = performance.now();
        return {
          onExecuteDone() {
            const ms = Math.round(performance.now() - startedAt);
            console.log(`${args.operationName ?? 'An operation'} took ${ms} ms`);
          },
        };
      },
    },
  ],
});

export default {
  async fetch(request: Request): Promise<Response> {
    if (new URL(request.url).pathname === gateway.endpoint) return gateway.fetch(request);
    return new Response('An app of yours');
  },
};
