import { isObject, parseInputJson } from '../json/parse-json.ts';
import { readTextFile } from '../runtime/read-text-file.ts';
import { ADVICE, contradictions } from './contradictions.ts';
import type { Setting, SettingTable } from './define-settings.ts';
import { DEFAULT_CONFIG_FILE, GATEWAY_FLAGS, GATEWAY_SETTINGS } from './gateway-settings.ts';
import { type GatewayConfig, PROGRAM_OPTIONS, type ProgramConfig } from './program-options.ts';
import { proxyFor } from './proxy.ts';
import { type Environment, type Flags, readSettings, type Sources } from './read-settings.ts';
import { findUnknownVariables, unknownKeys } from './unknown-names.ts';

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
 * Reads the config file and checks its keys; `readSettings` checks their values.
 *
 * @param path that of `--config`; without it, the default file is read if it exists
 */
function readConfigFile(path: string | undefined, readText = readTextFile) {
  const name = path ?? DEFAULT_CONFIG_FILE;
  let content: unknown;
  try {
    content = parseInputJson(readText(name));
  } catch (error) {
    const { code } = Object(error);
    // The rest of the message may quote a secret from the file.
    const [, line, column] = /\((line \d+) (column \d+)\)$/.exec(String(error)) ?? [];
    const position = line && ` at ${line}, ${column}`;
    if (code === undefined) return { problems: [`${name}: malformed JSON${position ?? ''}`] };
    if (path === undefined && code === 'ENOENT') return { problems: [] };
    const where = path === undefined ? name : `--config: ${JSON.stringify(name)}`;
    return { problems: [`${where}: expected a readable file (${code})`] };
  }
  if (!isObject(content)) return { problems: [`${name}: expected an object, such as {"port": 4000}`] };
  const { $schema: _forEditors, ...values } = content;
  const problems = unknownKeys(values, GATEWAY_SETTINGS, 'key').map((problem) => `${name}: ${problem}`);
  return { keys: { prefix: `${name}: `, values }, problems };
}

/**
 * Reads and validates all settings of the gateway.
 *
 * @returns `problems` for which the gateway must not start
 */
export function readGatewayConfig(commandLine: CommandLine) {
  const { env } = commandLine;
  const { warnings, misspelt } = findUnknownVariables(env);
  const { values, names, allowAnonymous, problems } = readGatewaySettings(PROGRAM_OPTIONS, commandLine);
  const { proxy, problems: ofProxy } = proxyFor(values.upstreamUrl, env);
  const config: GatewayConfig = { ...values, upstreamProxy: proxy };
  // If neither is set, a misspelt variable may have been meant to name the upstream, and samples would be wrong.
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

export type ReadGatewayConfig = ReturnType<typeof readGatewayConfig>;

const OPTIONS: ReadonlyMap<string | undefined, string> = new Map(
  Object.entries<Setting>(PROGRAM_OPTIONS).map(([key, { variable }]) => [variable, key]),
);

/** Rewrites a problem so that it names options of a program in place of variables and flags. */
function withOptions(problem: string): string {
  return problem
    .replace(ADVICE, 'pass upstreamUrl (CLOUD_URL for Letta Cloud)')
    .replaceAll(/\b[A-Z_]+\b/g, (name) => OPTIONS.get(name) ?? name)
    .replace('pass --sample-runs', 'sampleRuns: true');
}

/**
 * Validates the options of a program by the rules for keys of a config file. An option that is undefined counts as
 * absent, so that its default applies.
 *
 * @throws TypeError with all problems
 */
export function readOptions(options: Partial<ProgramConfig>, isAgain = false): GatewayConfig {
  const keys = { prefix: '', values: { ...options } };
  const { values, problems } = readSettings(PROGRAM_OPTIONS, { keys, place: 'program', isAgain });
  const unknown = unknownKeys(keys.values, PROGRAM_OPTIONS, 'option');
  const all = [...unknown, ...problems, ...contradictions(values, true).map(withOptions)];
  if (all.length > 0) throw new TypeError(all.join('\n'));
  return values;
}
