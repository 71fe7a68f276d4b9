import { readTextFile } from '../runtime/read-text-file.ts';
import { readConfigFile } from './config-file.ts';
import { contradictions } from './contradictions.ts';
import type { SettingTable, Values } from './define-settings.ts';
import { type Config, GATEWAY_FLAGS, GATEWAY_SETTINGS } from './gateway-settings.ts';
import { proxyFor } from './proxy.ts';
import { type Environment, type Flags, readSettings } from './read-settings.ts';
import { unknownName } from './suggest.ts';
import { findUnknownVariables } from './unknown-variables.ts';
import { proxyUrl } from './value-schemas.ts';

export const defaults: Config = readSettings(GATEWAY_SETTINGS, {}).values;

/** The upstream if an API key is set, and no URL. */
export const CLOUD_URL = 'https://api.letta.com';

/** The settings, and the options that only a program has. */
const PROGRAM_OPTIONS = {
  ...GATEWAY_SETTINGS,
  upstreamProxy: {
    ...proxyUrl,
    secret: true,
    description: 'HTTP proxy to the upstream; `HTTPS_PROXY` and the like are not read in a program.',
  },
  rowCopying: {
    type: 'boolean',
    default: true,
    description: "Whether rows are copied from the upstream's JSON.",
  },
} as const satisfies SettingTable;

export interface ProgramConfig extends Values<typeof PROGRAM_OPTIONS> {}

/** The settings, and the proxy to the upstream that the environment names. */
export type CommandLineConfig = Omit<ProgramConfig, 'rowCopying'>;

/**
 * Reads the settings of the gateway. Precedence: flag, environment variable, config file, default.
 *
 * @returns `problems` for which the gateway must not start, and `names` of the flags, variables or keys that were read
 */
export function readGatewaySettings(flags: Flags, env: Environment, readText = readTextFile) {
  const { warnings, misspelt } = findUnknownVariables(env);
  const gatewayFlags = readSettings(GATEWAY_FLAGS, { flags });
  const { file, problems: fileProblems } = readConfigFile(gatewayFlags.values.config, readText);
  const { values, problems, names } = readSettings(GATEWAY_SETTINGS, { flags, env, file, readText });
  const upstreamUrl = values.upstreamUrl ?? (values.apiKey === undefined ? undefined : CLOUD_URL);
  const { proxy, problems: proxyProblems } = proxyFor(upstreamUrl, env);
  const config: CommandLineConfig = { ...values, upstreamUrl, upstreamProxy: proxy };
  const all = [
    ...gatewayFlags.problems,
    ...fileProblems,
    ...problems,
    ...proxyProblems,
    ...contradictions(config, gatewayFlags.values.allowAnonymous, env['NODE_ENV']),
  ];
  // With neither, a misspelt variable may have been to name the upstream, and its operator doesn't want samples.
  const isUpstreamClear = upstreamUrl !== undefined || config.sampleRuns === true;
  return {
    config,
    problems: isUpstreamClear ? all : [...all, ...misspelt],
    warnings,
    names,
  };
}

export type ReadGatewaySettings = ReturnType<typeof readGatewaySettings>;

/**
 * Checks the options of a program by the rules for keys of a config file. An option that is undefined counts as
 * absent, so that its default applies.
 *
 * @throws TypeError with all problems
 */
export function readOptions(options: Partial<ProgramConfig>): ProgramConfig {
  const present = new Map<string, unknown>(
    Object.entries(options).filter(([, value]) => value !== undefined),
  );
  const names = Object.keys(PROGRAM_OPTIONS);
  const unknownNames = [...present.keys()].filter((name) => !names.includes(name));
  const { values, problems } = readSettings(PROGRAM_OPTIONS, { options: present });
  const all = [
    ...unknownNames.map((name) => unknownName(name, 'option', names)),
    ...problems,
    ...contradictions(values, true),
  ];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}
