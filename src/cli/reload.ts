import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import type { Config, ExaminedConfig } from '../config/config.ts';
import type { SettingValue } from '../config/kind.ts';
import { replaceableSecrets } from '../config/replaceable-secrets.ts';
import type { Gateway } from '../gateway-options.ts';
import type { Log } from '../observability/log.ts';

/**
 * Reads the configuration again: takes over the secrets and the prices of models, and logs which other settings
 * have changed, which need a restart. One that can't be used changes nothing.
 *
 * @param before the configuration that the gateway was started with
 */
export function reload(
  gateway: Pick<Gateway, 'replaceSecrets' | 'reloadPrices'>,
  before: Config,
  examineAgain: () => ExaminedConfig,
  log: Log,
): void {
  attempt(log, 'The configuration was not read again', () => {
    const { config, problems } = examineAgain();
    if (problems.length > 0) throw new ConfigError(problems);
    const secrets = replaceableSecrets(config);
    const { apiKey: _ofUpstream, ...ofCallers } = secrets;
    // The key of another upstream is not shown to this one.
    gateway.replaceSecrets(config.upstreamUrl === before.upstreamUrl ? secrets : ofCallers);
    const others: Readonly<Record<string, SettingValue>> = { ...before };
    const changed = Object.entries(config).flatMap(([key, value]) =>
      Object.hasOwn(secrets, key) || isDeepStrictEqual(value, others[key]) ? [] : [key],
    );
    if (changed.length === 0) log.info({}, 'The configuration was read again');
    else log.warn({ settings: changed }, 'The configuration was read again: these settings need a restart');
  });
  attempt(log, 'The prices were not read again, and the old ones count', () => gateway.reloadPrices());
}

function attempt(log: Log, failure: string, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof ConfigError || error instanceof TypeError)) throw error;
    log.error({ problems: error.message.split('\n') }, failure);
  }
}
