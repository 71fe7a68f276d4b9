import process from 'node:process';
import { RESTDataSource } from '@apollo/datasource-rest';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { connectionOf, fieldResolvers, typeDefs } from './sdl.ts';
import { readRuns, UPSTREAM_URL, type WireRun } from './upstream-runs.ts';

/** Apollo Server with its data source for REST, as their documentation shows it. */
class RunsApi extends RESTDataSource {
  override baseURL = UPSTREAM_URL;

  list(limit: number, after?: string | null): Promise<WireRun[]> {
    return readRuns((path) => this.get<WireRun[]>(path), limit, after);
  }
}

interface Context {
  readonly runsApi: RunsApi;
}

const server = new ApolloServer<Context>({
  typeDefs,
  resolvers: {
    ...fieldResolvers,
    Query: {
      runs: async (_: unknown, args: { first: number; after?: string }, { runsApi }: Context) =>
        connectionOf(await runsApi.list(args.first + 1, args.after), args.first),
    },
  },
});
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: 0 },
  // A data source of its own for each request, with the server's cache.
  context: async () => ({ runsApi: new RunsApi({ cache: server.cache }) }),
});
process.stdout.write(`${url}\n`);
