import process from 'node:process';
import { isDeepStrictEqual } from 'node:util';
import { ConfigError } from '../config/config-error.ts';
import type { Config, ExaminedConfig } from '../config/config.ts';
import { GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import type { SettingValue } from '../config/kind.ts';
import type { Setting } from '../config/settings.ts';
import { createGateway } from '../gateway.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Tells everything that is to be said about a configuration, without listening: reads the files and loads the
 * packages that it names as well, by creating the gateway that it describes.
 *
 * @param examined with what is wrong with the command line
 */
export async function checkConfig(examined: ExaminedConfig & { readonly prints: boolean }): Promise<void> {
  const { config, problems: known, warnings, names, prints } = examined;
  const problems = known.length > 0 ? known : await problemsOf(config);
  if (prints) print(process.stdout, effectiveSettings(config, names));
  if (warnings.length > 0)
    print(
      process.stdout,
      warnings.map((warning) => `Warning: ${warning}`),
    );
  if (problems.length === 0) return print(process.stdout, ['The configuration can be used.']);
  print(process.stderr, problems);
  process.exitCode = EXIT_CODE_USAGE;
}

async function problemsOf(config: Config): Promise<readonly string[]> {
  try {
    await using _gateway = await createGateway({ ...config, sampleRuns: true });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** One line for each setting: its value, and where it comes from. */
function effectiveSettings(config: Config, names: ReadonlyMap<string, string>): readonly string[] {
  const values: Readonly<Record<string, SettingValue>> = { ...config };
  return Object.entries<Setting>(GATEWAY_SETTINGS).map(([key, { kind, default: fallback }]) => {
    const name = names.get(key);
    const value = values[key];
    // A secret may have been taken from a variable of another program, as that of a proxy.
    const isSet = kind.holdsSecret === true && !isDeepStrictEqual(value, fallback);
    return `${key}: ${isSet ? '(set)' : (JSON.stringify(value) ?? '-')} (${name ?? 'default'})`;
  });
}
