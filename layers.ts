import { globSync, readFileSync } from 'node:fs';
import path from 'node:path/posix';
import type { OxlintOverride } from 'oxlint';

/** A room of `src`, what it may import besides its own files and Node's modules, and how large it may be. */
interface Layer {
  /** Other rooms, or single files of them. */
  readonly uses: readonly string[];
  /** Packages, by name or by scope. */
  readonly packages: readonly string[];
  /** Whether it may touch `process`: arguments, variables, signals, standard streams. */
  readonly process?: true;
  /** How many lines of code, styles, markup and documents it may have. Raise it only with the reason. */
  readonly lines: number;
}

/**
 * The layers of `src`. A file belongs to the room with the longest name that it lies in. The linter
 * refuses imports that aren't listed, and rooms that have no row.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  errors: { uses: [], packages: [], lines: 304 },
  runs: {
    uses: ['errors', 'json', 'lists'],
    packages: [],
    lines: 2456,
  },
  json: { uses: [], packages: [], lines: 269 },
  lists: { uses: ['errors', 'json'], packages: ['dataloader'], lines: 1666 },
  live: { uses: ['errors', 'json', 'runs', 'lists', 'scheduling'], packages: ['lru-cache'], lines: 1672 },
  loaders: { uses: ['errors', 'runs', 'lists', 'live'], packages: [], lines: 918 },
  upstream: {
    uses: ['errors', 'json', 'runs', 'lists/ranges/dialect.ts', 'upstream/letta/decode/drift.ts'],
    packages: [],
    lines: 318,
  },
  // Queues and shared calls, whatever is queued and called.
  scheduling: { uses: [], packages: [], lines: 404 },
  'upstream/http': {
    uses: [
      'errors',
      'runtime/read-text-file.ts',
      'runs',
      'runtime/package-version.ts',
      'scheduling',
      'upstream/body-chunks.ts',
      'upstream/decode-refusals.ts',
      'upstream/telemetry-events.ts',
      'upstream/trace.ts',
      'upstream/credentials.ts',
      'upstream/forwarded-headers.ts',
    ],
    packages: ['undici', 'lru-cache'],
    lines: 952,
  },
  'upstream/letta': {
    uses: ['errors', 'json', 'runs', 'lists', 'scheduling', 'upstream'],
    packages: ['lru-cache'],
    lines: 1708,
  },
  // 17 lines of its own for proxies that join repeated keys, which lists don't work around.
  doctor: {
    uses: ['errors', 'json', 'runs', 'lists', 'upstream'],
    packages: [],
    lines: 523,
  },
  engine: {
    uses: ['errors', 'json', 'runs', 'lists', 'upstream/body-chunks.ts', 'upstream/letta/decode'],
    packages: ['graphql', 'lru-cache'],
    lines: 2625,
  },
  observability: {
    uses: ['errors', 'lists/ranges/dialect.ts', 'upstream'],
    packages: ['prom-client'],
    lines: 546,
  },
  schema: {
    uses: ['errors', 'runs', 'lists', 'loaders', 'live'],
    packages: ['graphql', '@graphql-tools', '@pothos'],
    lines: 2810,
  },
  // Files for browsers, compressed and cached.
  static: { uses: [], packages: ['negotiator'], lines: 110 },
  graphiql: { uses: ['static'], packages: ['@graphql-yoga'], lines: 204 },
  explorer: {
    uses: ['static'],
    packages: ['htm', 'preact'],
    lines: 4658,
  },
  // Who may: the caller of a request, tokens, hosts, origins, and what each caller may take.
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
    lines: 955,
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
    lines: 1469,
  },
  // What bytes are: sockets, requests and responses.
  http: {
    uses: ['errors', 'json', 'scheduling', 'upstream', 'observability', 'static', 'access', 'operations'],
    packages: ['graphql', 'graphql-yoga', 'graphql-ws', 'ws', '@whatwg-node/server'],
    lines: 1930,
  },
  // AI agents as clients: tools over documents of ours, which run as any operation of their caller.
  mcp: {
    uses: [
      'access',
      'http',
      'json',
      'observability',
      'runs/limits.ts',
      'runs/run-enums.ts',
      'runtime/package-version.ts',
    ],
    packages: ['@modelcontextprotocol', 'zod'],
    lines: 906,
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
    lines: 1071,
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
    lines: 410,
  },
  cli: {
    uses: [
      '.',
      'cli/watch',
      'explorer/browser/gateway/api-error.ts',
      'explorer/browser/gateway/read-results.ts',
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
      'observability/log.ts',
      'runtime/package-version.ts',
      'upstream/http/upstream-tls.ts',
      'upstream/body-chunks.ts',
      '../embedded-api/index.ts',
    ],
    packages: ['pino', 'prom-client', 'graphql-yoga'],
    lines: 1116,
    process: true,
  },
  // A command that runs for months: rules, a state file, and a sender.
  'cli/watch': {
    uses: [
      'errors',
      'config',
      'json',
      'runtime/package-version.ts',
      'upstream/http/status-error.ts',
      'cli/terminal.ts',
      'cli/tail',
      'explorer/browser/gateway/api-error.ts',
    ],
    packages: ['undici'],
    lines: 738,
    process: true,
  },
  'main.ts': { uses: ['cli', 'runtime'], packages: [], lines: 35, process: true },
  runtime: { uses: ['errors', 'json'], packages: [], lines: 66, process: true },
  // Beside src: an independent witness, with one way in, which takes nothing but tables.
  '../embedded-api': {
    uses: [
      'runs/field.ts',
      'runs/run-enums.ts',
      'runs/run-fields.ts',
      'runs/detail-fields.ts',
      'runs/agent-fields.ts',
      'runs/conversation-fields.ts',
    ],
    packages: [],
    lines: 3170,
  },
};

/** How many lines the rest may have: of code, and of prose in `docs`. */
export const LINES_BESIDES: Readonly<Record<string, number>> = {
  test: 31_918,
  bench: 909,
  scripts: 519,
  docs: 3000,
  examples: 999,
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
export function layerOf(file: string): string {
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
