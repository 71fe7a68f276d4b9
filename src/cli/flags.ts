import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { onOff } from '../config/kinds.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-config.ts';
import type { CommandLineFlag, SettingTable } from '../config/settings.ts';
import { TAIL_FLAGS, TAIL_SETTINGS } from '../config/tail-config.ts';
import type { KnownFlags } from './argv.ts';

/** Flags that every command accepts. */
export const COMMON_FLAGS = [
  { flag: 'help', description: 'Prints this help; short form `-h`.' },
  { flag: 'version', description: 'Prints the version; short form `-v`.' },
] as const satisfies readonly CommandLineFlag[];

/** Flags of `runs-gateway doctor` besides those of the gateway. */
export const DOCTOR_FLAGS = [
  { flag: 'json', description: 'Prints the report as JSON.' },
] as const satisfies readonly CommandLineFlag[];

export const SERVE_FLAGS = knownFlags(GATEWAY_SETTINGS, [...GATEWAY_FLAGS, ...COMMON_FLAGS]);
export const RUNS_API_FLAGS = knownFlags(RUNS_API_SETTINGS, COMMON_FLAGS);
export const TAIL_COMMAND_FLAGS = knownFlags(TAIL_SETTINGS, [...TAIL_FLAGS, ...COMMON_FLAGS]);
export const DOCTOR_COMMAND_FLAGS = knownFlags(GATEWAY_SETTINGS, [
  ...GATEWAY_FLAGS,
  ...DOCTOR_FLAGS,
  ...COMMON_FLAGS,
]);
export const DOCUMENTS_FLAGS = knownFlags({}, COMMON_FLAGS);

function knownFlags(table: SettingTable, others: readonly CommandLineFlag[]): KnownFlags {
  const settings = Object.values(table);
  const ofSettings = settings.flatMap(({ flag }) => flag ?? []);
  const named = Object.groupBy(others, ({ placeholder }) => (placeholder === undefined ? 'switch' : 'value'));
  return {
    withValue: [...ofSettings, ...(named.value ?? []).map(({ flag }) => flag)],
    onOff: settings.flatMap(({ flag, kind }) => (kind === onOff && flag !== undefined ? [flag] : [])),
    switches: (named.switch ?? []).map(({ flag }) => flag),
  };
}
