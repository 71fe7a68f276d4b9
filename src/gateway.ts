import { createYoga } from 'graphql-yoga';
import { type Config, defaults, runsApiDefaults } from './config.ts';
import { type Context, createContext } from './context.ts';
import { toGraphQLError } from './errors.ts';
import { graphiqlOptions, renderGraphiqlPage } from './graphiql.ts';
import { sampleRuns } from './local/sample-runs.ts';
import { startRunsApi } from './local/server.ts';
import { openStore } from './local/store.ts';
import { type Log, silentLog } from './log.ts';
import { UpstreamError } from './runs/errors.ts';
import { schema } from './schema/index.ts';
import { createRunsUpstream, type RunsUpstream } from './upstream/runs-upstream.ts';

export interface Gateway extends AsyncDisposable {
  /** Where its runs come from. */
  readonly upstreamUrl: string;
  /** Answers one request: `/graphql`, `/health` or `/ready`; 404 for anything else. */
  readonly fetch: (request: Request) => Promise<Response>;
}

/**
 * A gateway over one upstream; without an `upstreamUrl` over a runs API of its own, reached over
 * HTTP like any other. It doesn't listen: see `server.ts`.
 */
export async function createGateway(config: Partial<Config> = {}, log: Log = silentLog): Promise<Gateway> {
  const { upstreamUrl, apiKey, upstreamTimeoutMs, upstreamDialect } = { ...defaults, ...config };
  await using starting = new AsyncDisposableStack();
  const baseUrl = upstreamUrl ?? starting.use(await startEmbeddedApi()).baseUrl;
  const upstream = starting.use(
    createRunsUpstream({
      baseUrl,
      timeoutMs: upstreamTimeoutMs,
      apiKey,
      dialect: {
        forced: upstreamDialect,
        onLearn: (dialect, evidence) => log.info({ dialect, evidence }, 'Found the dialect of the upstream'),
      },
    }),
  );
  const handleGraphql = createGraphqlHandler(upstream, log);
  const parts = starting.move();

  return {
    upstreamUrl: baseUrl,
    fetch: async (request) => {
      switch (new URL(request.url).pathname) {
        case '/graphql':
          return handleGraphql(request);
        case '/health':
          return Response.json({ status: 'ok' });
        case '/ready':
          return readiness(upstream, log);
        default:
          return Response.json({ error: 'Nothing here. Try /graphql, /health or /ready.' }, { status: 404 });
      }
    },
    [Symbol.asyncDispose]: () => parts.disposeAsync(),
  };
}

function createGraphqlHandler(upstream: RunsUpstream, log: Log): (request: Request) => Promise<Response> {
  const report = (error: unknown): void => {
    if (error instanceof UpstreamError) log.warn({ code: error.code, err: error }, 'The upstream failed');
    else log.error({ err: error }, 'A bug');
  };
  const yoga = createYoga<object, Context>({
    schema,
    graphqlEndpoint: '/graphql',
    landingPage: false,
    // Yoga answers any address that *ends* in this; no address ends in a space.
    healthCheckEndpoint: ' ',
    // A page of another origin must not read what the gateway's own key can see.
    cors: false,
    graphiql: graphiqlOptions,
    renderGraphiQL: renderGraphiqlPage,
    maskedErrors: { maskError: (error) => toGraphQLError(error, report) },
    logging: false,
    context: ({ request }) =>
      createContext(
        upstream.forCaller({ authorization: request.headers.get('authorization'), signal: request.signal }),
      ),
  });
  return async (request) => yoga.fetch(request);
}

async function readiness(upstream: RunsUpstream, log: Log): Promise<Response> {
  try {
    await upstream.checkHealth();
    return Response.json({ status: 'ready' });
  } catch (error) {
    log.warn({ err: error }, 'The upstream is not ready');
    return Response.json({ status: 'the upstream does not answer' }, { status: 503 });
  }
}

/** The embedded runs API in memory, filled with sample runs, at any free port of loopback. */
async function startEmbeddedApi(): Promise<AsyncDisposable & { readonly baseUrl: string }> {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(openStore());
  store.insert(sampleRuns({ count: runsApiDefaults.runs, seed: runsApiDefaults.seed }));
  const { baseUrl } = starting.use(await startRunsApi({ store }));
  const parts = starting.move();
  return { baseUrl, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
