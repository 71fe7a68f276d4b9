import * as fc from 'fast-check';
import type { ValueSchema } from '../../src/config/kind.ts';

/** A value of a config file that isn't `undefined`. */
export type JsonValue = string | number | boolean | readonly string[];

/** Any value that a schema allows and that a text can stand for as well. */
export function validValue(schema: ValueSchema): fc.Arbitrary<JsonValue> {
  if (schema.examples !== undefined) return fc.constantFrom(...schema.examples);
  const { type, minimum: min = 0, maximum: max = 2 ** 31 - 1, items } = schema;
  const values: Readonly<Record<ValueSchema['type'], () => fc.Arbitrary<JsonValue>>> = {
    integer: () => fc.integer({ min, max }),
    boolean: () => fc.boolean(),
    string: () => (schema.enum === undefined ? validText(schema) : fc.constantFrom(...schema.enum)),
    array: () => fc.uniqueArray(validText(items), { minLength: 1, maxLength: 3 }),
  };
  return values[type]();
}

function validText(schema: ValueSchema | undefined): fc.Arbitrary<string> {
  if (schema?.examples !== undefined) return fc.constantFrom(...schema.examples);
  if (schema?.pattern === undefined) throw new Error('expected the schema of a text to have a pattern');
  // A comma ends an item of a list.
  return fc.stringMatching(new RegExp(schema.pattern)).map((text) => text.replaceAll(',', '.'));
}

/** How a flag or variable says what a value of the file does. */
export function textOf(value: JsonValue): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') : String(value);
}

/** Values of a file that no kind of this type takes, and those just outside of its bounds. */
export function badValues({ type, minimum = 0, maximum = 0, items }: ValueSchema): readonly unknown[] {
  const wrong: Readonly<Record<ValueSchema['type'], readonly unknown[]>> = {
    integer: [minimum - 1, maximum + 1, minimum + 0.5, String(minimum), true, [minimum]],
    boolean: ['on', 'true', 0, 1, []],
    string: ['', '\0', 7, true, []],
    array: ['a', 7, true, [''], [7], items === undefined ? [] : ['a', null]],
  };
  return [...wrong[type], null, {}];
}

/** Texts that no kind of this type takes, and those just outside of its bounds. */
export function badTexts({ type, minimum = 0, maximum = 0 }: ValueSchema): readonly string[] {
  const wrong: Readonly<Record<ValueSchema['type'], readonly string[]>> = {
    integer: [String(minimum - 1), String(maximum + 1), '1.5', '1e3', '0x10', ' 1', ''],
    boolean: ['true', '1', 'ON', ''],
    string: ['', '\0'],
    array: ['', 'a,,b', 'ünsafe'],
  };
  return wrong[type];
}
