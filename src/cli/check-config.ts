import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';
import { type CommandLineConfig, examineConfig } from '../config/config.ts';
import { GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { readSettings } from '../config/read-settings.ts';
import type { Setting, SettingValue } from '../config/settings.ts';
import { createGateway } from '../gateway.ts';
import { CHECK_FLAGS } from './commands.ts';
import type { Invocation } from './invocation.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Tells everything that is to be said about a configuration, without listening: reads the files and loads the
 * packages that it names as well, by creating the gateway that it describes.
 */
export async function checkConfig({ flags, env, problems: given }: Invocation): Promise<void> {
  const own = readSettings(CHECK_FLAGS, { flags });
  const { config, problems: ofConfig, warnings, names } = examineConfig(flags, env);
  const known = [...given, ...own.problems, ...ofConfig];
  const problems = known.length > 0 ? known : await problemsOf(config);
  if (own.values.print) print(process.stdout, effectiveSettings(config, names));
  if (warnings.length > 0) {
    print(
      process.stdout,
      warnings.map((warning) => `Warning: ${warning}`),
    );
  }
  if (problems.length === 0) return print(process.stdout, ['The configuration can be used.']);
  print(process.stderr, problems);
  process.exitCode = EXIT_CODE_USAGE;
}

/** What creating the gateway finds: files that can't be used, and the like. */
async function problemsOf(config: CommandLineConfig): Promise<readonly string[]> {
  try {
    await using _gateway = await createGateway({ ...config, sampleRuns: true });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** One line for each setting: its value, and where it comes from. */
function effectiveSettings(config: CommandLineConfig, names: ReadonlyMap<string, string>): readonly string[] {
  const values: Readonly<Record<string, SettingValue | undefined>> = { ...config };
  const lines = Object.entries<Setting>(GATEWAY_SETTINGS).map(([key, { secret }]) => {
    const name = names.get(key);
    const value = secret === true && name !== undefined ? '(set)' : (JSON.stringify(values[key]) ?? '-');
    return `${key}: ${value} (${name ?? 'default'})`;
  });
  const { upstreamProxy } = config;
  return upstreamProxy === undefined ? lines : [...lines, `Proxy: ${new URL(upstreamProxy).origin}`];
}
