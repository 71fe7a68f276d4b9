import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { SettingValue, ValueSchema } from './kind.ts';
import { defaultJson, type Setting } from './settings.ts';

/** JSON Schema of one key of the config file. */
interface KeySchema extends ValueSchema {
  readonly description: string;
  readonly default?: SettingValue;
}

/** JSON Schema of the config file, draft 2020-12. */
export interface ConfigSchema {
  readonly $schema: string;
  readonly title: string;
  readonly description: string;
  readonly type: 'object';
  readonly properties: Readonly<Record<string, KeySchema>>;
  readonly additionalProperties: false;
}

export function createConfigSchema(): ConfigSchema {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of runs-gateway',
    description: 'Flags and environment variables beat this file; what it leaves out has its default.',
    type: 'object',
    properties: {
      $schema: { description: 'Address of this schema, for editors.', type: 'string' },
      ...Object.fromEntries(
        Object.entries(GATEWAY_SETTINGS).map(([name, setting]) => [name, schemaOf(setting)]),
      ),
    },
    additionalProperties: false,
  };
}

function schemaOf(setting: Setting): KeySchema {
  const value = defaultJson(setting);
  return {
    description: setting.description.replaceAll('`', ''),
    ...setting.kind.schema,
    ...(value !== undefined && { default: value }),
  };
}
