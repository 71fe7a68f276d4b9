import { readGatewayConfig } from '../../src/config/config.ts';
import type { GatewayConfig } from '../../src/config/program-options.ts';
import type { Environment, Flags } from '../../src/config/read-settings.ts';
import { ConfigError } from '../../src/errors/config-error.ts';

/** A file system with these files in its working directory. */
function filesOf(texts: Readonly<Record<string, string>>) {
  return (path: string): string => {
    const text = texts[path];
    if (text === undefined) throw Object.assign(new Error('no such file'), { code: 'ENOENT' });
    return text;
  };
}

/** Reads the settings of the gateway, with all problems as an error. */
export function readConfig(
  flags: Flags,
  env: Environment,
  files: Readonly<Record<string, string>> = {},
): GatewayConfig {
  const { config, problems } = readGatewayConfig({ flags, env, readText: filesOf(files) });
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

/** What is wrong with what was read; nothing if it could be. */
export function problemsOf(read: () => unknown): readonly string[] {
  try {
    read();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}
