import { fastify } from 'fastify';
import { printSchema } from 'graphql';
import { mercurius } from 'mercurius';
import { schema } from './schema.ts';
import { connectionOf, getByFetch, readRuns } from './wire-runs.ts';

/** Fastify with Mercurius, which compiles an operation from its second time on (`jit: 1`), over rows as GraphQL has them. */
const app = fastify();
await app.register(mercurius, {
  schema: printSchema(schema),
  resolvers: {
    Query: {
      runs: async (_: unknown, { first, after }: { first: number; after?: string }) =>
        connectionOf(await readRuns(getByFetch, first + 1, after), first),
    },
  },
  jit: 1,
});
console.log(await app.listen({ host: '127.0.0.1', port: 0 }));
