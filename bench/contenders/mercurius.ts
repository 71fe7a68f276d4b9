import process from 'node:process';
import { fastify } from 'fastify';
import { mercurius } from 'mercurius';
import { fetchRun, fetchRuns } from './fetch-runs.ts';
import { connectionOf, fieldResolvers, typeDefs } from './sdl.ts';
import { readRuns } from './upstream-runs.ts';

/** Fastify with Mercurius, which compiles an operation from its second time on (`jit: 1`). */
const app = fastify();
await app.register(mercurius, {
  schema: typeDefs,
  resolvers: {
    ...fieldResolvers,
    Query: {
      run: async (_: unknown, { id }: { id: string }) => fetchRun(id),
      runs: async (_: unknown, { first, after }: { first: number; after?: string }) =>
        connectionOf(await readRuns(fetchRuns, first + 1, after), first),
    },
  },
  jit: 1,
});
process.stdout.write(`${await app.listen({ host: '127.0.0.1', port: 0 })}\n`);
