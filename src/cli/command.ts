import { parseArgs } from 'node:util';
import { type Config, type RunsApiConfig, readConfig, readRunsApiConfig } from '../config/config.ts';
import { ConfigError, type Environment, type Flags } from '../config/settings.ts';

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'serve'; readonly config: Config }
  | { readonly kind: 'runs-api'; readonly config: RunsApiConfig }
  | { readonly kind: 'help' }
  | { readonly kind: 'version' };

const SERVE_FLAGS = [
  'upstream',
  'host',
  'port',
  'upstream-timeout-ms',
  'upstream-dialect',
  'upstream-max-bytes',
  'upstream-max-in-flight',
  'max-cost',
  'max-response-bytes',
  'row-copying',
  'drain-timeout-ms',
];
/** Flags that are said or not, without a value. */
const SERVE_SWITCHES = ['allow-anonymous', 'help', 'version'];
const RUNS_API_SWITCHES = ['help', 'version'];
const RUNS_API_FLAGS = ['host', 'port', 'runs', 'seed', 'dialect', 'db', 'password'];

export const HELP = `runs-gateway: a GraphQL gateway over the Letta runs API

Usage
  runs-gateway [flags]            serve GraphQL at /graphql
  runs-gateway runs-api [flags]   serve the embedded runs API alone

Flags of the gateway (a flag beats its environment variable)
  --upstream URL              LETTA_BASE_URL       the runs API; without it and without a key, the embedded one with sample runs
                              LETTA_API_KEY        used for callers that send no Authorization; alone it means the public cloud
  --host HOST                 HOST                 address to listen at (127.0.0.1)
  --port PORT                 PORT                 port to listen at, 0 for any (4000)
  --upstream-timeout-ms MS    UPSTREAM_TIMEOUT_MS  deadline of one upstream call (10000)
  --upstream-dialect D        UPSTREAM_DIALECT     auto, reversed or documented (auto)
  --upstream-max-bytes N      UPSTREAM_MAX_BYTES   the largest upstream answer (33554432)
  --upstream-max-in-flight N  UPSTREAM_MAX_IN_FLIGHT  upstream requests at once; eight times as many wait (64)
  --max-cost N                MAX_COST             the most that one operation may cost (10000)
  --max-response-bytes N      MAX_RESPONSE_BYTES   the largest answer to a client (33554432)
  --row-copying on|off        ROW_COPYING          off: rows are parsed and written anew instead of copied (on)
                              ACCESS_TOKENS        tokens with commas between them; callers must show one
  --allow-anonymous                                let others than this machine use the key without a token
  --drain-timeout-ms MS       DRAIN_TIMEOUT_MS     time for answers under way when told to stop (10000)

Flags of the embedded runs API
  --host HOST, --port PORT    where to listen (127.0.0.1, 8283)
  --runs N, --seed N          how many sample runs to make, and from which seed (2000, 1)
  --dialect D                 reversed or documented (reversed)
  --db FILE                   keep the runs in a file; it is filled once (in memory)
  --password P                callers must send Authorization: Bearer P (none)

  --help, --version
`;

/**
 * Reads a command line.
 *
 * @param argv the arguments without the program's name
 * @throws ConfigError with every problem of flags and variables
 */
export function parseCommand(argv: readonly string[], env: Environment): Command {
  const isRunsApi = argv[0] === 'runs-api';
  const { flags, unknown } = isRunsApi
    ? parseFlags(argv.slice(1), RUNS_API_FLAGS, RUNS_API_SWITCHES)
    : parseFlags(argv, SERVE_FLAGS, SERVE_SWITCHES);
  if (flags['help'] !== undefined) return { kind: 'help' };
  if (flags['version'] !== undefined) return { kind: 'version' };
  const problems = [...unknown];
  try {
    const command: Command = isRunsApi
      ? { kind: 'runs-api', config: readRunsApiConfig(flags) }
      : { kind: 'serve', config: readConfig(flags, env) };
    if (problems.length === 0) return command;
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
  }
  throw new ConfigError(problems);
}

/** No defaults here: a flag that isn't given must leave the word to the environment. */
function parseFlags(
  argv: readonly string[],
  names: readonly string[],
  switches: readonly string[],
): { flags: Flags; unknown: string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' } as const])),
      ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' } as const])),
      help: { type: 'boolean', short: 'h' },
      version: { type: 'boolean', short: 'v' },
    },
  });
  const flags: Record<string, string> = {};
  const unknown: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      unknown.push(`${token.value}: expected a flag, or runs-api as the first word`);
    } else if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      if (switches.includes(name)) flags[name] = '';
      else if (!names.includes(name))
        unknown.push(`${rawName}: unknown; known flags: ${known([...names, ...switches])}`);
      else if (value === undefined || (!inlineValue && value.startsWith('--')))
        unknown.push(`${rawName}: expected a value behind it`);
      else flags[name] = value;
    }
  }
  return { flags, unknown };
}

function known(names: readonly string[]): string {
  return names.map((name) => `--${name}`).join(', ');
}
