import type { Setting } from '../../src/config/define-settings.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';

/** The JSON Schema of the config file, draft 2020-12. */
export function createConfigSchema() {
  const properties = Object.entries(GATEWAY_SETTINGS).map(([key, setting]) => [key, schemaOf(setting)]);
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'Configuration of runs-gateway',
    description:
      'Flags and environment variables override this file. Keys that are absent keep their defaults.',
    type: 'object',
    properties: {
      $schema: { description: 'The URL or path of this schema, for editors.', type: 'string' },
      ...Object.fromEntries(properties),
    },
    additionalProperties: false,
  };
}

/** Returns the schema of one setting, without what is no keyword of JSON Schema. */
function schemaOf(setting: Setting) {
  const { description, type, minimum, maximum, enum: values, pattern, examples } = setting;
  const text = { enum: values, pattern: pattern?.source, examples };
  return {
    description: description.replaceAll('`', ''),
    type,
    ...(type === 'array' ? { items: { type: 'string', ...text } } : { minimum, maximum, ...text }),
    default: setting.default,
  };
}
