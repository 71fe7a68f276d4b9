import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';
import type { CommandLineConfig, ExaminedConfig } from '../config/config.ts';
import { GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import type { Setting } from '../config/settings.ts';
import { createGateway } from '../gateway.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Tells everything that is to be said about a configuration, without listening: reads the files and loads the
 * packages that it names as well, by creating the gateway that it describes.
 */
export async function checkConfig(examined: ExaminedConfig, flags: { print: boolean }): Promise<void> {
  const { config, warnings } = examined;
  const problems = examined.problems.length > 0 ? examined.problems : await problemsOf(config);
  print(process.stdout, [
    ...(flags.print ? effectiveSettings(examined) : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(problems.length === 0 ? ['The configuration can be used.'] : []),
  ]);
  print(process.stderr, problems);
  if (problems.length > 0) process.exitCode = EXIT_CODE_USAGE;
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
function effectiveSettings({ config, names }: ExaminedConfig): readonly string[] {
  const lines = Object.entries<Setting>(GATEWAY_SETTINGS).map(([key, { secret }]) => {
    const name = names.get(key);
    const value = secret === true && name !== undefined ? '(set)' : JSON.stringify(Object(config)[key]);
    return `${key}: ${value ?? '-'} (${name ?? 'default'})`;
  });
  const { upstreamProxy } = config;
  return upstreamProxy === undefined ? lines : [...lines, `Proxy: ${new URL(upstreamProxy).origin}`];
}
