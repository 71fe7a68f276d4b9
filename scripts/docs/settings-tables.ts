import { COMMON } from '../../src/cli/commands.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { RUNS_API_SETTINGS } from '../../src/config/runs-api-config.ts';
import { defaultText, type Setting } from '../../src/config/settings.ts';
import { markdownTable } from './markdown-table.ts';
import { SETTINGS_TASKS } from './settings-tasks.ts';

/** Returns the tables of the gateway's settings, by the names of their markers. */
export function gatewaySettings(): Readonly<Record<string, () => string>> {
  const rest = new Map<string, Setting>(Object.entries(GATEWAY_SETTINGS));
  const tables = Object.entries(SETTINGS_TASKS).map(([task, keys]) => {
    const rows = keys.flatMap((key) => {
      const setting = rest.get(key);
      rest.delete(key);
      if (setting === undefined) return [];
      const hasFile = rest.delete(`${key}File`);
      const names = [setting.variable, ...(hasFile ? [`${setting.variable}_FILE`] : [])];
      return [[names.map(code).join(' or '), code(defaultText(setting)), sentences(setting)]];
    });
    return [`settings-${task}`, () => markdownTable(['variable', 'default', 'what it does'], rows)] as const;
  });
  if (rest.size > 0) throw new Error(`scripts/docs/settings-tasks.ts lacks ${[...rest.keys()].join(', ')}`);
  return Object.fromEntries(tables);
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

/** What a description says by itself: "whether", and "file". */
const EVIDENT = ['one of on, off', 'the path of a file'];

function sentences({ description, kind }: Setting): string {
  const { text } = kind.allowed;
  return EVIDENT.includes(text) ? description : `${description} Allowed: ${text}.`;
}

function flag(name: string | undefined): string {
  return name === undefined ? '' : code(`--${name}`);
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
