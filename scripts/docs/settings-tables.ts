import { EMBEDDED_API_SETTINGS } from '../../src/cli/embedded-api-settings.ts';
import { WATCH_SETTINGS } from '../../src/cli/watch/settings.ts';
import type { Setting } from '../../src/config/define-settings.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { allowed, defaultText } from '../../src/config/setting-value.ts';
import { markdownTable } from './markdown.ts';

/** Returns the table of the gateway's settings, each with its file if it is a secret. */
export function gatewaySettings(): string {
  const rows = Object.entries<Setting>(GATEWAY_SETTINGS).flatMap(([key, setting]) => {
    // Named beside its secret.
    if (key.endsWith('File')) return [];
    const { variable, secret } = setting;
    const names = [variable, ...(secret === true ? [`${variable}_FILE`] : [])];
    return [[names.map(code).join(' or '), code(defaultText(setting)), sentences(setting)]];
  });
  return markdownTable(['variable', 'default', 'what it does'], rows);
}

/** Returns the table of the flags that are not settings. */
export function commandLineFlags(): string {
  return markdownTable(
    ['flag', 'what it does'],
    Object.values<Setting>(GATEWAY_FLAGS).map(({ flag, type, placeholder, description }) => [
      code(`--${flag}${type === 'boolean' ? '' : ` ${placeholder}`}`),
      description,
    ]),
  );
}

/** Returns the table of the embedded runs API's settings. */
export function embeddedApiSettings(): string {
  return markdownTable(
    ['flag', 'default', 'what it does', 'allowed'],
    Object.values<Setting>(EMBEDDED_API_SETTINGS).map((setting) => [
      code(`--${setting.flag}`),
      code(defaultText(setting)),
      setting.description,
      allowed(setting, true),
    ]),
  );
}

/** Returns the table of the settings of `runs-gateway watch`. */
export function watchSettings(): string {
  return markdownTable(
    ['flag', 'variable', 'what it does'],
    Object.values<Setting>(WATCH_SETTINGS).map((setting) => [
      code(setting.flag && `--${setting.flag}`),
      code(setting.variable),
      setting.description,
    ]),
  );
}

/** The description, and what is allowed unless the description says it by itself: "whether", and "file". */
function sentences(setting: Setting): string {
  const isEvident = setting.type === 'boolean' || setting.placeholder === 'FILE';
  return isEvident ? setting.description : `${setting.description} Allowed: ${allowed(setting, true)}.`;
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
