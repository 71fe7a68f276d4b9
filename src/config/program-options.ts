import { type Given, setting, type Values } from './define-settings.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import * as value from './value-schemas.ts';

/** The settings, and the options that only a program has. */
export const PROGRAM_OPTIONS = {
  ...GATEWAY_SETTINGS,
  upstreamProxy: setting(
    { ...value.proxyUrl, secret: true },
    'HTTP proxy to the upstream; `HTTPS_PROXY` and the like are not read in a program.',
  ),
  rowCopying: setting(
    { type: 'boolean', default: true },
    "Whether rows are copied from the upstream's JSON.",
  ),
};

export interface ProgramConfig extends Given<typeof PROGRAM_OPTIONS> {}

/** Settings that were validated together, with all defaults. */
export interface GatewayConfig extends Values<typeof PROGRAM_OPTIONS> {}
