import { globSync, readFileSync } from 'node:fs';
import path from 'node:path/posix';
import type { OxlintOverride } from 'oxlint';

/** What a room of `src` may import besides its own files and Node's modules. */
interface Layer {
  /** Other rooms, or single files of them. */
  readonly uses: readonly string[];
  /** Packages, by name or by scope. */
  readonly packages: readonly string[];
  /** Whether it may touch `process`: arguments, variables, signals, standard streams. */
  readonly process?: true;
}

/**
 * The layers of `src`. A file belongs to the room with the longest name that it lies in. The linter
 * refuses imports that aren't listed, and rooms that have no row.
 */
const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { uses: [], packages: [] },
  runs: {
    uses: ['errors', 'json', 'lists'],
    packages: [],
  },
  json: { uses: [], packages: [] },
  lists: { uses: ['errors', 'json'], packages: ['dataloader'] },
  live: { uses: ['errors', 'json', 'runs', 'lists', 'scheduling'], packages: ['lru-cache'] },
  loaders: { uses: ['errors', 'runs', 'lists', 'live'], packages: [] },
  upstream: {
    uses: ['errors', 'json', 'runs', 'lists/ranges/dialect.ts', 'upstream/letta/decode/drift.ts'],
    packages: [],
  },
  // Queues and shared calls, whatever is queued and called.
  scheduling: { uses: [], packages: [] },
  'upstream/http': {
    uses: [
      'errors',
      'runtime/read-text-file.ts',
      'runs',
      'runtime/package-version.ts',
      'scheduling',
      'upstream/body-chunks.ts',
      'upstream/telemetry-events.ts',
      'upstream/trace.ts',
      'upstream/credentials.ts',
      'upstream/forwarded-headers.ts',
    ],
    packages: ['undici', 'lru-cache'],
  },
  'upstream/letta': {
    uses: ['errors', 'json', 'runs', 'lists', 'scheduling', 'upstream'],
    packages: ['lru-cache'],
  },
  doctor: {
    uses: ['errors', 'json', 'runs', 'lists', 'upstream'],
    packages: [],
  },
  engine: {
    uses: ['errors', 'json', 'runs', 'lists', 'upstream/body-chunks.ts', 'upstream/letta/decode'],
    packages: ['graphql', '@graphql-tools/utils', 'lru-cache'],
  },
  observability: {
    uses: ['errors', 'lists/ranges/dialect.ts', 'upstream'],
    packages: ['prom-client'],
  },
  schema: {
    uses: ['errors', 'runs', 'lists', 'loaders', 'live'],
    packages: ['graphql', '@graphql-tools', '@pothos'],
  },
  // Files for browsers, compressed and cached.
  static: { uses: [], packages: ['negotiator'] },
  graphiql: { uses: ['static'], packages: ['@graphql-yoga'] },
  // How a client follows a list of runs, in browsers and in Node.
  client: { uses: [], packages: [] },
  explorer: {
    uses: ['static', 'client'],
    packages: ['preact'],
  },
  // Who sends a request, and whether it is allowed: tokens, hosts, origins, rate limits.
  access: {
    uses: [
      'errors',
      'loaders/context.ts',
      'scheduling',
      'upstream',
      'observability',
      'static/static-file.ts',
    ],
    packages: ['graphql', 'graphql-yoga', 'lru-cache', 'rate-limiter-flexible'],
  },
  // What happens to every operation: see the list in gateway.ts.
  operations: {
    uses: [
      'errors',
      'json',
      'engine/index.ts',
      'runs',
      'loaders',
      'live',
      'scheduling',
      'upstream',
      'observability',
      'runtime/read-text-file.ts',
      'access',
    ],
    packages: ['graphql', 'graphql-yoga', 'lru-cache'],
  },
  // Sockets, requests and responses.
  http: {
    uses: ['errors', 'json', 'scheduling', 'upstream', 'observability', 'static', 'access', 'operations'],
    packages: ['graphql', 'graphql-yoga', 'ws', '@whatwg-node/server'],
  },
  // AI agents as clients: tools over documents of ours, which run as any operation of their caller.
  mcp: {
    uses: [
      'access',
      'http',
      'json',
      'observability',
      'runs/limits.ts',
      'runs/periods.ts',
      'runs/run-enums.ts',
      'runtime/package-version.ts',
    ],
    packages: ['@modelcontextprotocol', 'zod'],
  },
  config: {
    uses: [
      'errors',
      'json',
      'runtime/read-text-file.ts',
      'runs/prices-file.ts',
      'runs/prices.ts',
      'observability/log.ts',
      'lists/ranges/dialect.ts',
      'upstream/forwarded-headers.ts',
      'access/host-check.ts',
      'access/access-tokens.ts',
      '../embedded-api/index.ts',
    ],
    packages: [],
  },
  // The files of src itself: the parts put together, and the package's entry.
  '.': {
    uses: [
      'errors',
      'runtime',
      'config',
      'graphiql/index.ts',
      'explorer',
      'access',
      'operations',
      'http',
      'mcp/index.ts',
      'schema/index.ts',
      'engine/index.ts',
      'live',
      'scheduling',
      'upstream',
      'observability',
      '../embedded-api/index.ts',
    ],
    packages: ['graphql-yoga', '@whatwg-node/server'],
  },
  cli: {
    uses: [
      '.',
      'cli/gateway-client',
      'cli/watch',
      'errors',
      'config',
      'doctor',
      'access/access-tokens.ts',
      'access/host-check.ts',
      'http',
      'lists/ranges/dialect.ts',
      'operations/manifests',
      'runs/run-enums.ts',
      'schema',
      'json',
      'upstream/http/retry-after.ts',
      'observability/log.ts',
      'runtime/package-version.ts',
      'upstream/http/upstream-tls.ts',
      'upstream/body-chunks.ts',
      '../embedded-api/index.ts',
    ],
    packages: ['pino', 'prom-client', 'graphql-yoga'],
    process: true,
  },
  // What `tail` and `watch` share: operations sent to a running gateway, and its lists followed.
  'cli/gateway-client': {
    uses: [
      'client',
      'config',
      'errors',
      'json',
      'access/host-check.ts',
      'runs/run-enums.ts',
      'upstream/http/retry-after.ts',
      'cli/terminal.ts',
    ],
    packages: [],
    process: true,
  },
  // A command that runs for months: rules, a state file, and a sender.
  'cli/watch': {
    uses: [
      'errors',
      'config',
      'json',
      'runs/failure-groups.ts',
      'runtime/package-version.ts',
      'upstream/http/retry-after.ts',
      'cli/terminal.ts',
      'cli/gateway-client',
      'client',
    ],
    packages: ['undici', 'lru-cache'],
    process: true,
  },
  'main.ts': { uses: ['cli', 'runtime'], packages: [], process: true },
  runtime: { uses: ['errors', 'json'], packages: [], process: true },
  // Beside src: an independent witness, with one way in, which takes nothing but tables.
  '../embedded-api': {
    uses: [
      'runs/field.ts',
      'runs/outcomes.ts',
      'runs/run-enums.ts',
      'runs/run-fields.ts',
      'runs/detail-fields.ts',
      'runs/agent-fields.ts',
      'runs/conversation-fields.ts',
    ],
    packages: [],
  },
};

const { dependencies }: { dependencies: Readonly<Record<string, string>> } = JSON.parse(
  readFileSync(new URL('package.json', import.meta.url), 'utf8'),
);
const files = globSync(['**/*.ts', '../embedded-api/**/*.ts'], {
  cwd: new URL('src', import.meta.url),
  exclude: ['engine/rows/assembly/**'],
});

/** The layers as rules of the linter, one for each folder. */
export const layerRules = [...Map.groupBy(files, (file) => `${path.dirname(file)} ${layerOf(file)}`)].map(
  ([, group]) => ruleOf(group),
);

/** @param group files of one folder and layer */
function ruleOf(group: readonly string[]): OxlintOverride {
  const [first = ''] = group;
  const name = layerOf(first);
  const layer = LAYERS[name];
  if (layer === undefined) throw new Error(`${inRepository(first)}: list its room in layers.ts`);
  const message = `${name === '.' ? 'src' : name} may import only what layers.ts lists for it.`;
  const paths = files
    .filter((file) => layerOf(file) !== name && !layer.uses.some((used) => isIn(file, used)))
    .map((file) => specifier(path.dirname(first), file))
    .concat(layer.process ? [] : ['process', 'node:process']);
  const packages = Object.keys(dependencies).filter((id) => !layer.packages.some((used) => isOf(id, used)));
  return {
    files: group.map(inRepository),
    rules: {
      'no-restricted-globals': layer.process ? 'off' : ['error', { name: 'process', message }],
      'no-restricted-imports': [
        'error',
        {
          paths: paths.map((forbidden) => ({ name: forbidden, message })),
          patterns: packages.map((id) => ({ group: [id, `${id}/**`], message })),
        },
      ],
    },
  };
}

/** The path of a file, which is relative to `src`, from the root of the repository. */
function inRepository(file: string): string {
  return path.join('src', file);
}

/** The room that a file belongs to, whose path is relative to `src`. */
function layerOf(file: string): string {
  if (LAYERS[file] !== undefined) return file;
  for (let folder = path.dirname(file); ; folder = path.dirname(folder)) {
    if (LAYERS[folder] !== undefined && (folder !== '.' || path.dirname(file) === '.')) return folder;
    if (folder === '.') return path.dirname(file);
  }
}

function isIn(file: string, room: string): boolean {
  return room === '.' ? layerOf(file) === '.' : isOf(file, room);
}

/** Whether a path is another one, or below it. */
function isOf(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}/`);
}

/** How a file is imported from a folder. */
function specifier(folder: string, file: string): string {
  const relative = path.relative(inRepository(folder), inRepository(file));
  return relative.startsWith('.') ? relative : `./${relative}`;
}
