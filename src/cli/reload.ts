import { isDeepStrictEqual } from 'node:util';
import type { Config, ExaminedConfig } from '../config/config.ts';
import { secretsIn } from '../config/secrets.ts';
import type { Gateway } from '../gateway-options.ts';
import type { Log } from '../observability/log.ts';

/**
 * Takes over the secrets of a configuration that was read again, has the gateway read its files again, and logs which
 * other settings have changed, which need a restart. One that can't be used changes nothing.
 *
 * @param before the configuration that the gateway was started with
 */
export function reload(
  gateway: Pick<Gateway, 'replaceSecrets' | 'readFilesAgain'>,
  before: Config,
  { config, problems }: ExaminedConfig,
  log: Log,
): void {
  gateway.readFilesAgain();
  const secrets = secretsIn(config);
  const { apiKey: _ofUpstream, ...ofCallers } = secrets;
  try {
    if (problems.length > 0) throw new TypeError(problems.join('\n'));
    // The key of another upstream is not shown to this one.
    gateway.replaceSecrets(config.upstreamUrl === before.upstreamUrl ? secrets : ofCallers);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return log.error({ problems: error.message.split('\n') }, 'The configuration was not read again');
  }
  const changed = Object.entries(before).flatMap(([key, value]) =>
    Object.hasOwn(secrets, key) || isDeepStrictEqual(Object(config)[key], value) ? [] : [key],
  );
  if (changed.length === 0) log.info({}, 'The configuration was read again');
  else log.warn({ settings: changed }, 'The configuration was read again: these settings need a restart');
}
