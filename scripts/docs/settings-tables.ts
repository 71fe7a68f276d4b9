import { EMBEDDED_API_SETTINGS } from '../../src/cli/embedded-api-settings.ts';
import { WATCH_SETTINGS } from '../../src/cli/watch/settings.ts';
import type { Setting } from '../../src/config/define-settings.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { allowed, defaultText } from '../../src/config/setting-value.ts';
import { code, markdownTable } from './markdown.ts';

/** Returns the table of the gateway's settings, each with its file if it is a secret. */
export function gatewaySettings(): string {
  const settings = Object.values<Setting>(GATEWAY_SETTINGS).filter(({ fileOf }) => fileOf === undefined);
  return markdownTable(settings, {
    variable: ({ variable, secret }) => code(variable) + (secret ? ` or ${code(`${variable}_FILE`)}` : ''),
    default: (setting) => code(defaultText(setting)),
    'what it does': sentences,
  });
}

/** Returns the table of the flags that are not settings. */
export function commandLineFlags(): string {
  return markdownTable(Object.values<Setting>(GATEWAY_FLAGS), {
    flag: ({ flag, type, placeholder }) => code(`--${flag}${type === 'boolean' ? '' : ` ${placeholder}`}`),
    'what it does': ({ description }) => description,
  });
}

/** Returns the table of the embedded runs API's settings. */
export function embeddedApiSettings(): string {
  return markdownTable(Object.values<Setting>(EMBEDDED_API_SETTINGS), {
    flag: ({ flag }) => code(`--${flag}`),
    default: (setting) => code(defaultText(setting)),
    'what it does': ({ description }) => description,
    allowed: (setting) => allowed(setting, true),
  });
}

/** Returns the table of the settings of `runs-gateway watch`. */
export function watchSettings(): string {
  return markdownTable(Object.values<Setting>(WATCH_SETTINGS), {
    flag: ({ flag }) => code(flag && `--${flag}`),
    variable: ({ variable }) => code(variable),
    'what it does': ({ description }) => description,
  });
}

/** The description, and what is allowed unless the description says it by itself: "whether", and "file". */
function sentences(setting: Setting): string {
  const isEvident = setting.type === 'boolean' || setting.placeholder === 'FILE';
  return isEvident ? setting.description : `${setting.description} Allowed: ${allowed(setting, true)}.`;
}
