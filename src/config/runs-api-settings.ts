import { PROFILES, RETRY_AFTER, SAMPLE_DEFAULTS } from '../../embedded-api/index.ts';
import { DIALECTS } from '../lists/ranges/dialect.ts';
import { host, integer, milliseconds, off, oneOf, port, secret, text } from './schemas.ts';
import { flags, type Values } from './settings.ts';

/** The settings of the embedded runs API when it is started on its own; all of them are flags. */
export const RUNS_API_SETTINGS = flags({
  profile: {
    ...oneOf(...PROFILES),
    default: 'self-hosted',
    description: 'What it is like: `self-hosted` as Letta 0.16.7, or `cloud` as far as Letta Cloud is known.',
  },
  host: { ...host, default: '127.0.0.1', description: 'Address to listen on.' },
  port: { ...port, default: 8283, description: 'Port to listen on; 0 chooses a free one.' },
  runs: {
    ...integer(0, 100_000),
    default: SAMPLE_DEFAULTS.runs,
    description: 'Number of sample runs.',
  },
  seed: {
    ...integer(0, 2 ** 32 - 1),
    default: SAMPLE_DEFAULTS.seed,
    description: 'Seed of the sample runs; the same seed generates the same runs, except for their times.',
  },
  live: {
    ...off,
    description:
      'Whether runs are created, run and end while it is up, one to four at a time. The newest 1,000 of them are kept.',
  },
  dialect: {
    ...oneOf(...DIALECTS),
    default: 'reversed',
    description: 'How cursors of lists of runs work: `reversed` as in servers since 0.14.0, or `documented`.',
  },
  detailsDialect: {
    ...oneOf(...DIALECTS),
    description:
      'How cursors of steps, messages and agents work. If it is not set: as in Letta 0.16.7, and with `--profile cloud` as `--dialect` says.',
  },
  maxLimit: {
    ...integer(1, 1000),
    description:
      'The largest `limit` that any list takes; a larger one is a 422. By default the profile decides.',
  },
  latencyMs: {
    flag: 'latency',
    ...milliseconds(0, 60_000),
    default: 0,
    description: 'How long each request waits before it is looked at, in milliseconds.',
  },
  rateLimit: {
    ...text(
      'N|N%',
      'a number of requests per second such as 50, or a share such as 10%',
      /^(?:[1-9]\d{0,5}|[1-9]\d?%)$/,
    ),
    description: 'How many requests per second are served, or which share is refused. Others are a 429.',
  },
  retryAfter: {
    ...oneOf(...RETRY_AFTER),
    default: 'seconds',
    description: 'How a 429 says when to come back, which is after a second.',
  },
  password: {
    flag: 'password',
    ...secret,
    description:
      'If set, callers must send it as `Authorization: Bearer <password>`. Without it, `--profile cloud` takes any token.',
  },
});

export interface RunsApiConfig extends Values<typeof RUNS_API_SETTINGS> {}
