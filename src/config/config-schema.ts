import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { SettingValue, ValueSchema } from './kind.ts';
import { defaultJson, type Setting } from './settings.ts';

/** The JSON Schema of one key in the config file. */
interface KeySchema extends ValueSchema {
  readonly description: string;
  readonly default?: SettingValue;
}

/** The JSON Schema of the config file, draft 2020-12. */
export function createConfigSchema() {
  const properties: Record<string, KeySchema> = {
    $schema: { description: 'The URL or path of this schema, for editors.', type: 'string' },
  };
  for (const [key, setting] of Object.entries(GATEWAY_SETTINGS)) properties[key] = schemaOf(setting);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of runs-gateway',
    description:
      'Flags and environment variables override this file. Keys that are absent keep their defaults.',
    type: 'object',
    properties,
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
