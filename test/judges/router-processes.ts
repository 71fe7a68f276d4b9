import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jsonPost } from '../support/execute.ts';
import { lacks, lacksProgram } from '../support/lacks.ts';
import { freePort } from '../support/listen-on.ts';
import { newFolder } from '../support/new-folder.ts';
import { RUNS_SDL } from './composers.ts';
import { type Graph, ROUTER_SECRET } from './graph.ts';
import { CATALOG_SDL, NOTES_SDL } from './neighbours.ts';

const run = promisify(execFile);

export const EXAMPLES = fileURLToPath(new URL('../../examples/routers/', import.meta.url));
const PACKAGES = `${EXAMPLES}node_modules/`;
const GRAFBASE = `${PACKAGES}@grafbase/cli-x86_64-unknown-linux-musl/grafbase`;
/** No package for Node has it; where it was built, this says where. */
const { HIVE_ROUTER = 'hive-router' } = process.env;
const HIVE = `${PACKAGES}@graphql-hive/gateway/dist/bin.js`;

const SDL = { runs: RUNS_SDL, notes: NOTES_SDL, catalog: CATALOG_SDL };

const NEIGHBOURS = ['notes', 'catalog'] as const;

interface Prepared {
  /** A folder of its own, with each subgraph in a file. */
  readonly folder: string;
  readonly port: number;
  readonly urls: Graph['urls'];
  /** The path of the supergraph, composed as the example does. */
  readonly supergraph: string;
}

interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A router, with the configuration of `examples/routers`. */
export interface RouterProcess {
  readonly prepare: (prepared: Prepared) => Promise<Command> | Command;
  /** What it makes of a refusal by status, such as 401 for a wrong token. @default the code is kept */
  readonly refusal?: string;
  /** The same for one that refuses a subscription. @default the code is kept */
  readonly streamRefusal?: string;
  /** What it makes of the error of a subscription that doesn't begin. @default the code is kept */
  readonly streamError?: string;
  /** Whether it leaves the gateway only when an event has no client any more. */
  readonly leavesLate?: true;
  readonly hasSubscriptions?: false;
  /** Whether its program isn't there; says why. */
  readonly isMissing?: () => boolean;
}

const hiveGateway =
  (config: string, env: Readonly<Record<string, string>> = {}) =>
  ({ supergraph, port }: Prepared): Command => ({
    command: process.execPath,
    args: [HIVE, 'supergraph', supergraph, '-c', `${EXAMPLES}hive-gateway/${config}`, '-p', String(port)],
    env: { HOST: '127.0.0.1', ...env },
  });

export function lacksPackages(): boolean {
  return lacks(PACKAGES, 'run `npm --prefix examples/routers ci`');
}

export const ROUTERS: Readonly<Record<string, RouterProcess>> = {
  'Hive Gateway': { prepare: hiveGateway('gateway.config.ts'), isMissing: lacksPackages },
  // It opens the WebSocket again and again.
  'Hive Gateway, by WebSockets': {
    prepare: hiveGateway('websockets.config.ts'),
    streamRefusal: 'none',
    isMissing: lacksPackages,
  },
  "Hive Gateway, with Hive Router's planner": {
    prepare: hiveGateway('gateway.config.ts', { HIVE_ROUTER_RUNTIME: '1' }),
    streamError: 'INTERNAL_SERVER_ERROR',
    isMissing: lacksPackages,
  },
  '@apollo/gateway': {
    isMissing: lacksPackages,
    prepare: ({ supergraph, port }) => ({
      command: process.execPath,
      args: [`${EXAMPLES}apollo-gateway/server.ts`],
      env: { SUPERGRAPH: supergraph, PORT: String(port) },
    }),
    hasSubscriptions: false,
  },
  'Hive Router': {
    prepare: ({ supergraph, port }) => ({
      command: HIVE_ROUTER,
      args: [],
      env: {
        ROUTER_CONFIG_FILE_PATH: `${EXAMPLES}hive-router/router.config.yaml`,
        SUPERGRAPH_FILE_PATH: supergraph,
        HOST: '127.0.0.1',
        PORT: String(port),
      },
    }),
    streamRefusal: 'SUBGRAPH_STREAM_STATUS_CODE_NOT_OK',
    leavesLate: true,
    isMissing: () =>
      lacksProgram(HIVE_ROUTER, 'build it by `cargo install hive-router`, and name it by HIVE_ROUTER'),
  },
  Grafbase: {
    async prepare({ folder, urls, port }) {
      const tables = NEIGHBOURS.map(
        (name) => `[subgraphs.${name}]\nschema_path = "${name}.graphql"\nurl = "${urls[name]}"\n`,
      );
      const example = readFileSync(`${EXAMPLES}grafbase/grafbase.toml`, 'utf8')
        .replace('../../../schema/subgraph.graphql', 'runs.graphql')
        .replace('http://127.0.0.1:4000/graphql', urls.runs);
      const config = join(folder, 'grafbase.toml');
      await writeFile(config, `${example}\n${tables.join('\n')}`);
      return { command: GRAFBASE, args: ['dev', '-c', config, '--listen-address', `127.0.0.1:${port}`] };
    },
    refusal: 'SUBGRAPH_REQUEST_ERROR',
    streamRefusal: 'SUBGRAPH_REQUEST_ERROR',
    isMissing: () => lacksPackages() || lacks(GRAFBASE, 'its package is for Linux on x64'),
  },
};

export type RunningRouter = Awaited<ReturnType<typeof startRouter>>;

/** Starts a router in a process of its own, and waits until it answers. */
export async function startRouter({ prepare }: RouterProcess, { urls }: Graph) {
  await using starting = new AsyncDisposableStack();
  const { path: folder } = starting.use(newFolder());
  const names = Object.keys(SDL) as (keyof typeof SDL)[];
  const subgraphs = names.flatMap((name) => [name, urls[name], join(folder, `${name}.graphql`)]);
  for (const name of names) await writeFile(join(folder, `${name}.graphql`), SDL[name]);
  const supergraph = join(folder, 'supergraph.graphql');
  const { stdout } = await run(process.execPath, [`${EXAMPLES}compose.ts`, ...subgraphs]);
  await writeFile(supergraph, stdout);
  const port = await freePort();
  const { command, args, env } = await prepare({ folder, port, urls, supergraph });
  const { HOME = '', PATH = '' } = process.env;
  const child = spawn(command, args, {
    cwd: folder,
    env: { HOME, PATH, ROUTER_SECRET, ...env },
    detached: true,
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += String(chunk)));
  const ended = once(child, 'close');
  starting.defer(async () => {
    // A group of its own: a router's workers end with it.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    await ended;
  });
  /** Of GraphQL. */
  const url = `http://127.0.0.1:${port}/graphql`;
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`${command} ended: ${printed}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const parts = starting.move();
  return { url, printed: () => printed, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}

async function answers(url: string): Promise<boolean> {
  const response = await fetch(url, jsonPost({ query: '{ __typename }' })).catch(() => undefined);
  await response?.text();
  return response?.ok === true;
}
