import { whyNotForwarded } from '../upstream/forwarded-headers.ts';
import { repeatedTokens } from './access-tokens.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { isLoopback } from './hosts.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { sampleProblems } from './sample-runs.ts';
import { defaultsOf, type Values } from './settings.ts';
import { didYouMean } from './suggest.ts';
import { checkVariables } from './variables.ts';

/** The settings of the gateway; see `docs/configuration.md`. */
export interface Config extends Values<typeof GATEWAY_SETTINGS> {}

export const defaults: Config = defaultsOf(GATEWAY_SETTINGS);

/** The upstream if an API key is given but no URL. */
export const CLOUD_URL = 'https://api.letta.com';

/**
 * Reads the settings of the gateway. Precedence: flag, environment variable, config file, default.
 *
 * @param warn receives what is strange about the variables, but no reason not to start
 * @throws ConfigError with all problems
 */
export function readConfig(
  flags: Flags,
  variables: Environment,
  configFile?: ConfigFile,
  warn: (warning: string) => void = () => undefined,
): Config {
  const { env, warnings, misspelt } = checkVariables(variables, GATEWAY_SETTINGS);
  const read = configFile && parseConfigFile(configFile, GATEWAY_SETTINGS);
  const { values, problems } = readSettings(GATEWAY_SETTINGS, { flags, env, file: read?.file });
  const config: Config = {
    ...values,
    upstreamUrl: values.upstreamUrl ?? (values.apiKey === undefined ? undefined : CLOUD_URL),
  };
  const all = [
    ...(read?.problems ?? []),
    ...problems,
    ...contradictions(config),
    ...sampleProblems(config, env['NODE_ENV']),
  ];
  // Whoever tried to name an upstream doesn't want samples.
  const wantsSamples = config.upstreamUrl !== undefined || config.sampleRuns === true;
  if (!wantsSamples) all.push(...misspelt);
  for (const warning of wantsSamples ? [...misspelt, ...warnings] : warnings) warn(warning);
  const { host, apiKey, accessTokens, readOnlyAccessTokens, corsOrigins, readOnly } = config;
  const needsToken = accessTokens.length + readOnlyAccessTokens.length > 0;
  // Whether everyone who reaches the gateway may use its own API key, and that may not be intended.
  if (apiKey !== undefined && !needsToken && flags['allow-anonymous'] === undefined) {
    const everything = `everything that LETTA_API_KEY can${readOnly ? '' : ', and cancel runs'}`;
    if (!isLoopback(host)) {
      all.push(
        `HOST: ${host} exposes the gateway to the network, and anyone who reaches it could read ${everything}; set ACCESS_TOKENS, listen on 127.0.0.1, or pass --allow-anonymous if that is intended`,
      );
    }
    if (corsOrigins.includes('*')) {
      all.push(
        `CORS_ORIGINS: * lets every web page read ${everything}, in the browsers of all who reach the gateway; list the origins, set ACCESS_TOKENS, or pass --allow-anonymous if that is intended`,
      );
    }
  }
  if (all.length > 0) throw new ConfigError(all);
  return config;
}

/**
 * Checks settings that a program gives, by the same rules as the keys of a config file. One that is
 * undefined counts as absent, so that its default applies.
 *
 * @throws TypeError with all problems
 */
export function readOptions(options: Partial<Config>): Config {
  const given = new Map<string, unknown>(Object.entries(options).filter(([, value]) => value !== undefined));
  const names = Object.keys(defaults);
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(GATEWAY_SETTINGS, name));
  const { values, problems } = readSettings(GATEWAY_SETTINGS, { options: given });
  const all = [
    ...unknown.map((name) => `${name}: unknown option; ${didYouMean(name, 'options', names)}`),
    ...problems,
    ...contradictions(values),
    ...sampleProblems(values),
  ];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}

/** What is wrong with settings that are valid each, but not together, or not for what they name. */
function contradictions(config: Config): readonly string[] {
  const { trustedDocumentsOnly, persistedDocuments, forwardHeaders } = config;
  const tokenProblems = repeatedTokens(config);
  const headerProblems = forwardHeaders.flatMap((name) => {
    const why = whyNotForwarded(name);
    return why === undefined ? [] : [`FORWARD_HEADERS: ${name} is never forwarded, because it ${why}`];
  });
  const problems = [...tokenProblems, ...headerProblems];
  if (trustedDocumentsOnly && persistedDocuments === undefined) {
    problems.push(
      'TRUSTED_DOCUMENTS_ONLY: no document is trusted without a manifest; set PERSISTED_DOCUMENTS to its file',
    );
  }
  return problems;
}
