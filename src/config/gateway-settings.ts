import { DIALECTS } from '../upstream/letta/dialect.ts';
import { DEFAULT_CONFIG_FILE } from './config-file.ts';
import {
  apiRoot,
  bytes,
  host,
  milliseconds,
  oneOfOrAuto,
  onOff,
  port,
  secret,
  secrets,
  wholeNumber,
} from './kinds.ts';
import { type CommandLineFlag, setting } from './settings.ts';

/**
 * The settings of the gateway. Everything else that knows of them is derived from here: the type
 * `Config`, flags, variables, `--help`, the keys of the config file with their JSON schema, the
 * table in the docs, and the tests. Secrets have no flag, because others can read command lines.
 */
export const GATEWAY_SETTINGS = {
  upstreamUrl: setting({
    flag: 'upstream',
    variable: 'LETTA_BASE_URL',
    kind: apiRoot,
    default: undefined,
    description:
      'Root of the runs API; without it, a key alone means the public cloud, and no key the embedded runs API with sample runs.',
  }),
  apiKey: setting({
    variable: 'LETTA_API_KEY',
    kind: secret,
    default: undefined,
    description: 'Key of the runs API, used for callers that send no `Authorization`.',
  }),
  accessTokens: setting({
    variable: 'ACCESS_TOKENS',
    kind: secrets,
    default: [],
    description:
      'If there are any, callers must show one as `Authorization: Bearer <token>`, and the upstream gets the API key instead.',
  }),
  host: setting({
    flag: 'host',
    variable: 'HOST',
    kind: host,
    default: '127.0.0.1',
    description: 'Address to listen at.',
  }),
  port: setting({
    flag: 'port',
    variable: 'PORT',
    kind: port,
    default: 4000,
    description: 'Port to listen at; 0 takes any free one.',
  }),
  upstreamTimeoutMs: setting({
    flag: 'upstream-timeout-ms',
    variable: 'UPSTREAM_TIMEOUT_MS',
    kind: milliseconds(1, 600_000),
    default: 10_000,
    description: 'Deadline of one upstream call in milliseconds, over all of its attempts.',
  }),
  upstreamDialect: setting({
    flag: 'upstream-dialect',
    variable: 'UPSTREAM_DIALECT',
    kind: oneOfOrAuto(DIALECTS),
    default: undefined,
    description: 'Cursor dialect of the upstream; `auto` finds it out.',
  }),
  upstreamMaxBytes: setting({
    flag: 'upstream-max-bytes',
    variable: 'UPSTREAM_MAX_BYTES',
    kind: bytes(1024, 1_073_741_824),
    default: 32 * 1024 * 1024,
    description: 'Largest upstream answer in bytes; a larger one is broken off while it is read.',
  }),
  upstreamMaxInFlight: setting({
    flag: 'upstream-max-in-flight',
    variable: 'UPSTREAM_MAX_IN_FLIGHT',
    kind: wholeNumber(1, 10_000),
    default: 64,
    description: 'Upstream requests in flight at once; eight times as many wait, and more are refused.',
  }),
  maxCost: setting({
    flag: 'max-cost',
    variable: 'MAX_COST',
    kind: wholeNumber(1, 1_000_000_000),
    default: 10_000,
    description: 'The most that one operation may cost, by `@cost` and `@listSize` of the schema.',
  }),
  maxResponseBytes: setting({
    flag: 'max-response-bytes',
    variable: 'MAX_RESPONSE_BYTES',
    kind: bytes(1024, 536_870_912),
    default: 32 * 1024 * 1024,
    description: 'Largest data of one answer in bytes; larger data is an error instead.',
  }),
  rowCopying: setting({
    flag: 'row-copying',
    variable: 'ROW_COPYING',
    kind: onOff,
    default: true,
    description:
      "Whether rows are copied from the upstream's text; if not, they are parsed and written anew, which shows whether copying is at fault.",
  }),
  drainTimeoutMs: setting({
    flag: 'drain-timeout-ms',
    variable: 'DRAIN_TIMEOUT_MS',
    kind: milliseconds(0, 600_000),
    default: 10_000,
    description: 'Milliseconds that answers under way get to finish after SIGTERM or SIGINT.',
  }),
};

export const GATEWAY_FLAGS = [
  {
    flag: 'config',
    placeholder: 'FILE',
    description: `Config file to read instead of \`${DEFAULT_CONFIG_FILE}\` in the working directory.`,
  },
  {
    flag: 'allow-anonymous',
    description:
      'Allows a host that others can reach together with a key and without access tokens: whoever reaches it reads with that key.',
  },
] as const satisfies readonly CommandLineFlag[];
