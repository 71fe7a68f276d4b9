import process from 'node:process';
import type { ReadGatewayConfig } from '../config/config.ts';
import type { Setting } from '../config/define-settings.ts';
import { GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import type { GatewayConfig } from '../config/program-options.ts';
import { ConfigError } from '../errors/config-error.ts';
import { assembleGateway } from '../gateway.ts';
import { loadPlugins } from './plugins-module.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Prints all problems and warnings of a configuration. Creates the gateway, without listening, so that the files,
 * plugins and packages that the configuration names are checked too.
 */
export async function checkConfig(read: ReadGatewayConfig, flags: { print: boolean }): Promise<void> {
  const { config, warnings } = read;
  const problems = read.problems.length > 0 ? read.problems : await problemsOf(config);
  print(process.stdout, [
    ...(flags.print ? effectiveSettings(read) : []),
    ...warnings.map((warning) => `Warning: ${warning}`),
    ...(problems.length === 0 ? ['The configuration is valid.'] : []),
  ]);
  print(process.stderr, problems);
  if (problems.length > 0) process.exitCode = EXIT_CODE_USAGE;
}

/** Returns the problems that prevent the gateway from being created, such as files that can't be used. */
async function problemsOf(config: GatewayConfig): Promise<readonly string[]> {
  try {
    await using _gateway = await assembleGateway(config, {
      plugins: await loadPlugins(config.pluginModule),
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

/** Returns a line for each setting: its value, and the flag, variable or key that set it. */
function effectiveSettings({ config, names }: ReadGatewayConfig): readonly string[] {
  const lines = Object.entries<Setting>(GATEWAY_SETTINGS).map(([key, { secret }]) => {
    const name = names.get(key);
    const value = secret === true && name !== undefined ? '(set)' : JSON.stringify(Object(config)[key]);
    return `${key}: ${value ?? '-'} (${name ?? 'default'})`;
  });
  const { upstreamProxy } = config;
  return upstreamProxy === undefined ? lines : [...lines, `Proxy: ${new URL(upstreamProxy).origin}`];
}
