import { readConfigFile } from './config-file.ts';
import { contradictions } from './contradictions.ts';
import type { SettingTable } from './define-settings.ts';
import {
  GATEWAY_FLAGS,
  type GatewayConfig,
  PROGRAM_OPTIONS,
  type ProgramConfig,
} from './gateway-settings.ts';
import { proxyFor } from './proxy.ts';
import { type Environment, type Flags, readSettings, type Sources } from './read-settings.ts';
import { unknownKeys } from './suggest.ts';
import { findUnknownVariables } from './unknown-variables.ts';

/** Where the command line reads settings. */
export interface CommandLine extends Omit<Sources, 'keys'> {
  readonly flags: Flags;
  readonly env: Environment;
}

/**
 * Reads settings of the gateway. Precedence: flag, environment variable, config file, default.
 *
 * @returns `names` of the flags, variables or keys that were read
 */
export function readGatewaySettings<const T extends SettingTable>(table: T, commandLine: CommandLine) {
  const { flags, readText } = commandLine;
  const { values: own, problems: ofFlags } = readSettings(GATEWAY_FLAGS, { flags });
  const { keys, problems: ofFile } = readConfigFile(own.config, readText);
  const { values, names, problems } = readSettings(table, { ...commandLine, keys });
  const { allowAnonymous } = own;
  return { values, names, allowAnonymous, problems: [...ofFlags, ...ofFile, ...problems] };
}

/**
 * Reads and validates all settings of the gateway.
 *
 * @returns `problems` for which the gateway must not start
 */
export function examineConfig(commandLine: CommandLine) {
  const { env } = commandLine;
  const { warnings, misspelt } = findUnknownVariables(env);
  const { values, names, allowAnonymous, problems } = readGatewaySettings(PROGRAM_OPTIONS, commandLine);
  const { proxy, problems: ofProxy } = proxyFor(values.upstreamUrl, env);
  const config: GatewayConfig = { ...values, upstreamProxy: proxy };
  // With neither, a misspelt variable may have been to name the upstream, and its operator doesn't want samples.
  const isUpstreamClear = config.upstreamUrl !== undefined || config.sampleRuns === true;
  return {
    config,
    problems: [
      ...problems,
      ...ofProxy,
      ...contradictions(config, allowAnonymous, env['NODE_ENV']),
      ...(isUpstreamClear ? [] : misspelt),
    ],
    warnings,
    names,
  };
}

export type ExaminedConfig = ReturnType<typeof examineConfig>;

/**
 * Validates the options of a program by the rules for keys of a config file. An option that is undefined counts as
 * absent, so that its default applies.
 *
 * @throws TypeError with all problems
 */
export function readOptions(options: Partial<ProgramConfig>): GatewayConfig {
  const keys = { prefix: '', values: { ...options } };
  const { values, problems } = readSettings(PROGRAM_OPTIONS, { keys, place: 'program' });
  const unknown = unknownKeys(options, PROGRAM_OPTIONS, 'option');
  const all = [...unknown, ...problems, ...contradictions(values, true)];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}
