import { ConfigError } from './config-error.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { defaultsOf, type Values } from './settings.ts';

/** Settings of the gateway. `docs/configuration.md` describes each. */
export interface Config extends Values<typeof GATEWAY_SETTINGS> {}

export const defaults: Config = defaultsOf(GATEWAY_SETTINGS);

/** Where a key belongs if no address is given with it. */
export const CLOUD_URL = 'https://api.letta.com';

/**
 * Settings of the gateway: a flag beats a variable, a variable the file, and the file the default.
 *
 * @throws ConfigError with every problem there is
 */
export function readConfig(flags: Flags, env: Environment, configFile?: ConfigFile): Config {
  const read = configFile && parseConfigFile(configFile, GATEWAY_SETTINGS);
  const { values, problems } = readSettings(GATEWAY_SETTINGS, { flags, env, file: read?.file });
  const config: Config = {
    ...values,
    upstreamUrl: values.upstreamUrl ?? (values.apiKey === undefined ? undefined : CLOUD_URL),
  };
  const all = [...(read?.problems ?? []), ...problems];
  if (isOpenToOthers(config) && flags['allow-anonymous'] === undefined) {
    all.push(
      `HOST: with ${config.host} others can reach the gateway, and would read with its LETTA_API_KEY all that the key can; set ACCESS_TOKENS, listen at 127.0.0.1, or say --allow-anonymous if that is meant`,
    );
  }
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

/** Whether anybody on the network could use the gateway's own key. */
function isOpenToOthers({ host, apiKey, accessTokens }: Config): boolean {
  const isLoopback = host === 'localhost' || host === '::1' || /^127(?:\.\d{1,3}){3}$/.test(host);
  return !isLoopback && apiKey !== undefined && accessTokens.length === 0;
}
