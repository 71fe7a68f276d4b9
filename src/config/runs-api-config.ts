import { SAMPLE_DEFAULTS } from '../embedded-api/samples/defaults.ts';
import { DIALECTS } from '../upstream/letta/dialect.ts';
import { ConfigError } from './config-error.ts';
import { oneOf, wholeNumber } from './kind-constructors.ts';
import { host, onOff, path, port, secret } from './kinds.ts';
import { type Flags, readSettings } from './read-settings.ts';
import { defaultsOf, setting, type Values } from './settings.ts';

/** The settings of the embedded runs API when it is started on its own; all of them are flags. */
export const RUNS_API_SETTINGS = {
  host: setting({ flag: 'host', kind: host, default: '127.0.0.1', description: 'Address to listen on.' }),
  port: setting({
    flag: 'port',
    kind: port,
    default: 8283,
    description: 'Port to listen on; 0 chooses a free one.',
  }),
  runs: setting({
    flag: 'runs',
    kind: wholeNumber(0, 10_000_000),
    default: SAMPLE_DEFAULTS.runs,
    description: 'Number of sample runs to generate if the store is empty.',
  }),
  seed: setting({
    flag: 'seed',
    kind: wholeNumber(0, 2 ** 32 - 1),
    default: SAMPLE_DEFAULTS.seed,
    description: 'Seed of the sample runs; the same seed generates the same runs, except for their times.',
  }),
  live: setting({
    flag: 'live',
    kind: onOff,
    default: false,
    description:
      'Whether runs are created, run and end while it is up, one to four at a time. The newest 1,000 of them are kept. The flag alone means `on`.',
  }),
  dialect: setting({
    flag: 'dialect',
    kind: oneOf(DIALECTS),
    default: 'reversed',
    description: 'How cursors work: `reversed` as in servers since 0.14.0, or `documented`.',
  }),
  file: setting({
    flag: 'db',
    kind: path,
    default: undefined,
    description: 'SQLite file to store the runs in; without it they are kept in memory.',
  }),
  password: setting({
    flag: 'password',
    kind: secret,
    default: undefined,
    description: 'If set, callers must send it as `Authorization: Bearer <password>`.',
  }),
};

export interface RunsApiConfig extends Values<typeof RUNS_API_SETTINGS> {}

/** The defaults of the embedded runs API. */
export const runsApiDefaults: RunsApiConfig = defaultsOf(RUNS_API_SETTINGS);

/** Reads the settings of the embedded runs API. @throws ConfigError with all problems */
export function readRunsApiConfig(flags: Flags): RunsApiConfig {
  const { values, problems } = readSettings(RUNS_API_SETTINGS, { flags });
  if (problems.length > 0) throw new ConfigError(problems);
  return values;
}
