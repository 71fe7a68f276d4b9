import { COMMON } from '../../src/cli/commands.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { RUNS_API_SETTINGS } from '../../src/config/runs-api-config.ts';
import { defaultText, type Setting } from '../../src/config/settings.ts';
import { markdownTable } from './markdown-table.ts';

/** Returns the table of the gateway's settings. */
export function gatewaySettings(): string {
  return markdownTable(
    ['key in the file', 'variable', 'flag', 'default', 'what it does', 'allowed'],
    Object.entries(GATEWAY_SETTINGS).map(([key, setting]: [string, Setting]) => [
      code(key),
      code(setting.variable),
      flag(setting.flag),
      code(defaultText(setting)),
      setting.description,
      allowed(setting),
    ]),
  );
}

/** Returns the table of the flags that are not settings. */
export function commandLineFlags(): string {
  return markdownTable(
    ['flag', 'what it does'],
    [...GATEWAY_FLAGS, ...COMMON.flags].map(({ flag: name, description, ...rest }) => [
      code(`--${name}${'placeholder' in rest ? ` ${rest.placeholder}` : ''}`),
      description,
    ]),
  );
}

/** Returns the table of the embedded runs API's settings. */
export function runsApiSettings(): string {
  return markdownTable(
    ['flag', 'default', 'what it does', 'allowed'],
    Object.values(RUNS_API_SETTINGS).map((setting: Setting) => [
      flag(setting.flag),
      code(defaultText(setting)),
      setting.description,
      setting.kind.allowed.text,
    ]),
  );
}

function allowed({ kind }: Setting): string {
  const { text, json } = kind.allowed;
  return text === json ? text : `${text}; in the file, ${json}`;
}

function flag(name: string | undefined): string {
  return name === undefined ? '' : code(`--${name}`);
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
