import { readConfigFile } from './config-file.ts';
import { contradictions } from './contradictions.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from './gateway-settings.ts';
import { proxyFor } from './proxy.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { readTextFile } from './read-text-file.ts';
import { proxyUrl } from './schemas.ts';
import type { SettingTable, Values } from './settings.ts';
import { unknown } from './suggest.ts';
import { checkVariables } from './variables.ts';

/** The settings of the gateway; see `docs/configuration.md`. */
export interface Config extends Values<typeof GATEWAY_SETTINGS> {}

export const defaults: Config = readSettings(GATEWAY_SETTINGS, {}).values;

/** The upstream if an API key is given but no URL. */
export const CLOUD_URL = 'https://api.letta.com';

/** The settings, and what only a program can set. */
const PROGRAM_OPTIONS = {
  ...GATEWAY_SETTINGS,
  upstreamProxy: {
    ...proxyUrl,
    secret: true,
    description: 'HTTP proxy to the upstream, in place of `HTTPS_PROXY` and the like.',
  },
  rowCopying: {
    type: 'boolean',
    default: true,
    description: "Whether rows are copied from the upstream's JSON.",
  },
} as const satisfies SettingTable;

export interface ProgramConfig extends Values<typeof PROGRAM_OPTIONS> {}

/** With the proxy that the variables name for the upstream. */
export type CommandLineConfig = Omit<ProgramConfig, 'rowCopying'>;

/**
 * Reads the settings of the gateway. Precedence: flag, environment variable, config file, default.
 *
 * @returns also why the gateway must not start, and the names of the flags, variables or keys that were read
 */
export function examineConfig(flags: Flags, env: Environment, readText = readTextFile) {
  const { warnings, misspelt } = checkVariables(env);
  const ofFlags = readSettings(GATEWAY_FLAGS, { flags });
  const { file, problems: ofFile } = readConfigFile(ofFlags.values.config, readText);
  const { values, problems, names } = readSettings(GATEWAY_SETTINGS, { flags, env, file, readText });
  const upstreamUrl = values.upstreamUrl ?? (values.apiKey === undefined ? undefined : CLOUD_URL);
  const { proxy, problems: ofProxy } = proxyFor(upstreamUrl, env);
  const config: CommandLineConfig = { ...values, upstreamUrl, upstreamProxy: proxy };
  const all = [
    ...ofFlags.problems,
    ...ofFile,
    ...problems,
    ...ofProxy,
    ...contradictions(config, ofFlags.values.allowAnonymous, env['NODE_ENV']),
  ];
  // An operator who may have tried to name an upstream doesn't want samples.
  const isMeant = upstreamUrl !== undefined || config.sampleRuns === true;
  return {
    config,
    problems: isMeant ? all : [...all, ...misspelt],
    warnings,
    names,
  };
}

export type ExaminedConfig = ReturnType<typeof examineConfig>;

/**
 * Checks settings that a program gives, by the same rules as the keys of a config file. One that is
 * undefined counts as absent, so that its default applies.
 *
 * @throws TypeError with all problems
 */
export function readOptions(options: Partial<ProgramConfig>): ProgramConfig {
  const present = new Map<string, unknown>(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const names = Object.keys(PROGRAM_OPTIONS);
  const strange = [...present.keys()].filter((name) => !names.includes(name));
  const { values, problems } = readSettings(PROGRAM_OPTIONS, { options: present });
  const all = [
    ...strange.map((name) => unknown(name, 'option', names)),
    ...problems,
    ...contradictions(values, true),
  ];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}
