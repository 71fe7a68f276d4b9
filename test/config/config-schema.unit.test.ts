import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import published from '../../schema/config.schema.json' with { type: 'json' };
import { createConfigSchema } from '../../src/config/config-schema.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';
import { Mismatch } from '../../src/config/kind.ts';
import type { Setting } from '../../src/config/settings.ts';
import { isValid } from './json-schema.ts';
import { badValues, validValue } from './setting-values.ts';

const SCHEMA = createConfigSchema();
const SETTINGS: readonly [string, Setting][] = Object.entries(GATEWAY_SETTINGS);

it('The published schema is that of the settings', () => {
  expect(published, 'schema/config.schema.json has drifted; run npm run generate').toEqual(SCHEMA);
  expect(published.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(Object.keys(published.properties)).toEqual(['$schema', ...Object.keys(GATEWAY_SETTINGS)]);
});

describe.each(SETTINGS)('The schema of %s', (key, { kind, description }) => {
  it('allows what the gateway takes, and refuses what it refuses', () => {
    const values = fc.oneof(
      validValue(kind.schema),
      fc.constantFrom(...badValues(kind.schema)),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(values, (value) => {
        const isTaken = !(kind.fromJson(value) instanceof Mismatch);
        // An address has rules that no pattern says.
        if (isTaken || kind.schema.examples === undefined) {
          expect(isValid(SCHEMA, { [key]: value })).toBe(isTaken);
        }
      }),
    );
  });

  it('describes it, and its default is valid', () => {
    const schema = SCHEMA.properties[key];
    expect(schema?.description).toBe(description.replaceAll('`', ''));
    if (schema?.default !== undefined) expect(isValid(SCHEMA, { [key]: schema.default })).toBe(true);
  });
});

it('The schema allows itself to be named, and no other key', () => {
  expect(isValid(SCHEMA, { $schema: './config.schema.json' })).toBe(true);
  expect(isValid(SCHEMA, { prot: 4000 })).toBe(false);
  expect(isValid(SCHEMA, [])).toBe(false);
});
