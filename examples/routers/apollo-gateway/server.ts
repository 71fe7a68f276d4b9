import { readFile } from 'node:fs/promises';
import process from 'node:process';
import {
  ApolloGateway,
  type GraphQLDataSourceProcessOptions,
  RemoteGraphQLDataSource,
} from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';

const { PORT = '4100', SUPERGRAPH = 'supergraph.graphql', ROUTER_SECRET = '' } = process.env;

/** What decides what a caller sees, and what joins the logs and traces of both. */
const HEADERS = ['authorization', 'x-project', 'x-project-id', 'x-request-id', 'traceparent', 'tracestate'];

interface Context {
  /** Those of the client's request. Absent while the gateway starts. */
  readonly headers?: Readonly<Record<string, string | string[] | undefined>>;
}

class Subgraph extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Context>): void {
    request.http?.headers.set('router-authorization', `Bearer ${ROUTER_SECRET}`);
    for (const name of HEADERS) {
      const value = context.headers?.[name];
      if (typeof value === 'string') request.http?.headers.set(name, value);
    }
  }
}

const gateway = new ApolloGateway({
  supergraphSdl: await readFile(SUPERGRAPH, 'utf8'),
  buildService: ({ url = '' }) => new Subgraph({ url }),
});
const server = new ApolloServer<Context>({
  gateway,
  includeStacktraceInErrorResponses: false,
  // Of a refusal by status it has the address of the subgraph.
  formatError: ({ extensions: { response: _, ...extensions } = {}, ...error }) => ({ ...error, extensions }),
});
const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(PORT) },
  context: async ({ req }) => ({ headers: req.headers }),
});
process.stdout.write(`${url}graphql\n`);
