import { whyNotForwarded } from '../upstream/forwarded-headers.ts';
import { repeatedTokens } from './access-tokens.ts';
import { ConfigError } from './config-error.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { isLoopback } from './hosts.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { defaultsOf, type Values } from './settings.ts';

/** The settings of the gateway; see `docs/configuration.md`. */
export interface Config extends Values<typeof GATEWAY_SETTINGS> {}

export const defaults: Config = defaultsOf(GATEWAY_SETTINGS);

/** The upstream if an API key is given but no URL. */
export const CLOUD_URL = 'https://api.letta.com';

/**
 * Reads the settings of the gateway. Precedence: flag, environment variable, config file, default.
 *
 * @throws ConfigError with all problems
 */
export function readConfig(flags: Flags, env: Environment, configFile?: ConfigFile): Config {
  const read = configFile && parseConfigFile(configFile, GATEWAY_SETTINGS);
  const { values, problems } = readSettings(GATEWAY_SETTINGS, { flags, env, file: read?.file });
  const config: Config = {
    ...values,
    upstreamUrl: values.upstreamUrl ?? (values.apiKey === undefined ? undefined : CLOUD_URL),
  };
  const all = [...(read?.problems ?? []), ...problems, ...contradictions(config)];
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
  const unknown = [...given.keys()].filter((name) => !Object.hasOwn(GATEWAY_SETTINGS, name));
  const { values, problems } = readSettings(GATEWAY_SETTINGS, { options: given });
  const all = [
    ...unknown.map((name) => `${name}: unknown option; known options: ${Object.keys(defaults).join(', ')}`),
    ...problems,
    ...contradictions(values),
  ];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}

/** What is wrong with settings that are valid each, but not together, or not for what they name. */
function contradictions(config: Config): readonly string[] {
  const { trustedDocumentsOnly, persistedDocuments, forwardHeaders, upstreamUrl, project, projectId } =
    config;
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
  // An operator who names a project wants its runs, not samples.
  if (upstreamUrl === undefined && (project ?? projectId) !== undefined) {
    problems.push(
      `${project === undefined ? 'LETTA_PROJECT_ID' : 'LETTA_PROJECT'}: the embedded runs API has no projects; set LETTA_API_KEY (Letta Cloud) or LETTA_BASE_URL (your server)`,
    );
  }
  return problems;
}
