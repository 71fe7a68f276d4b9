import { PROFILES, SAMPLE_DEFAULTS } from '../../embedded-api/index.ts';
import { setting, type Values, withFlags } from '../config/define-settings.ts';
import { host, integer, off, oneOf, port, secret, text } from '../config/value-schemas.ts';
import { DIALECTS } from '../lists/ranges/dialect.ts';

/** The settings of `runs-gateway runs-api`; all of them are flags. */
export const EMBEDDED_API_SETTINGS = withFlags({
  profile: setting(
    { ...oneOf(...PROFILES), default: 'self-hosted' },
    'The server to imitate: `self-hosted` for Letta 0.16.7, or `cloud` for what is known of Letta Cloud.',
  ),
  host: setting({ ...host, default: '127.0.0.1' }, 'Address to listen on.'),
  port: setting({ ...port, default: 8283 }, 'Port to listen on; 0 chooses a free one.'),
  runs: setting({ ...integer(0, 100_000), default: SAMPLE_DEFAULTS.runs }, 'Number of sample runs.'),
  seed: setting(
    { ...integer(0, 2 ** 32 - 1), default: SAMPLE_DEFAULTS.seed },
    'Seed of the sample runs; the same seed generates the same runs, except for their times.',
  ),
  live: setting(
    off,
    'Whether runs are created, run and end while it is up, one to four at a time. The newest 1,000 created runs are kept.',
  ),
  dialect: setting(
    { ...oneOf(...DIALECTS), default: 'reversed' },
    'How cursors of the list of runs work: `reversed` as in Letta since 0.14.0, or `documented`.',
  ),
  maxLimit: setting(
    integer(1, 1000),
    'The largest `limit` that any list takes; a larger limit is refused with 422. By default the profile decides.',
  ),
  latencyMs: setting(
    { flag: 'latency', ...integer(0, 60_000, 'MS'), default: 0 },
    'The delay of each response, in milliseconds.',
  ),
  rateLimit: setting(
    text(
      'N|N%',
      'a number of requests per second such as 50, or a share such as 10%',
      /^(?:[1-9]\d{0,5}|[1-9]\d?%)$/,
    ),
    'Requests per second that are served, or the share that is refused, with 429.',
  ),
  password: setting(
    { flag: 'password', ...secret },
    'If set, callers must send it as `Authorization: Bearer <password>`. Without it, `--profile cloud` takes any token.',
  ),
});

export interface EmbeddedApiConfig extends Values<typeof EMBEDDED_API_SETTINGS> {}
