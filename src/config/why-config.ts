import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { url } from './kinds.ts';
import { type Environment, type Flags, readValid } from './read-settings.ts';
import { type CommandLineFlag, setting } from './settings.ts';
import { checkVariables } from './variables.ts';

/** The settings of `runs-gateway why`, besides those that say where the gateway serves its admin port. */
export const WHY_SETTINGS = {
  admin: setting({
    flag: 'admin',
    kind: url(
      'the http or https URL of an admin port, without credentials',
      'http://127.0.0.1:4001',
      (_given, { href }) => href,
    ),
    description: 'Where the gateway serves its admin port, if not at `ADMIN_HOST` and `ADMIN_PORT`.',
  }),
};
const ADDRESS = {
  host: GATEWAY_SETTINGS.host,
  adminHost: GATEWAY_SETTINGS.adminHost,
  adminPort: GATEWAY_SETTINGS.adminPort,
};

export const WHY_FLAGS = [
  { flag: 'config', placeholder: 'FILE', description: 'The config file that names the admin port.' },
  { flag: 'json', description: 'Prints what is remembered as JSON.' },
] as const satisfies readonly CommandLineFlag[];

export interface WhyConfig {
  /** The root of the admin port; undefined if the settings name none. */
  readonly adminUrl: string | undefined;
  readonly json: boolean;
}

/** Reads the settings of `runs-gateway why`. @throws ConfigError with all problems */
export function readWhyConfig(flags: Flags, env: Environment, configFile?: ConfigFile): WhyConfig {
  const file = configFile && parseConfigFile(configFile, GATEWAY_SETTINGS).file;
  const { admin, host, adminHost, adminPort } = readValid(
    { ...WHY_SETTINGS, ...ADDRESS },
    // Without what Kubernetes has set for a Service.
    { flags, env: checkVariables(env, GATEWAY_SETTINGS).env, file },
  );
  const own = adminPort === undefined ? undefined : `http://${reachable(adminHost ?? host)}:${adminPort}/`;
  return { adminUrl: admin ?? own, json: flags['json'] !== undefined };
}

/** How a program on this machine reaches what listens on a host, which may be all addresses. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}
