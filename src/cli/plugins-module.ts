import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Plugin } from 'graphql-yoga';
import { ConfigError } from '../errors/config-error.ts';
import { isPlugin } from '../gateway-options.ts';

/**
 * Loads the plugins of `PLUGINS`: the default export of a module.
 *
 * @param path relative to the working directory
 * @throws ConfigError if the module can't be loaded, or exports no list of plugins
 */
export async function loadPlugins(path: string | undefined): Promise<readonly Plugin[]> {
  if (path === undefined) return [];
  const { default: plugins }: { default?: unknown } = await import(pathToFileURL(resolve(path)).href).catch(
    (error: unknown) => {
      throw new ConfigError([`PLUGINS: ${path} can't be loaded: ${String(error)}`]);
    },
  );
  const isList = Array.isArray(plugins) && plugins.every(isPlugin);
  if (!isList)
    throw new ConfigError([`PLUGINS: expected ${path} to export a list of plugins as its default`]);
  return plugins;
}
