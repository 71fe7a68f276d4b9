type Schema = { readonly properties?: object };

const ANNOTATIONS = ['$schema', 'title', 'description', 'default', 'examples'];

/** Each keyword of the JSON schema of the config file; it says nothing about values of other types. */
const KEYWORDS: Readonly<Record<string, (argument: never, value: unknown, schema: Schema) => boolean>> = {
  type: (type: string, value) => typesOf(value).includes(type),
  minimum: (minimum: number, value) => typeof value !== 'number' || value >= minimum,
  maximum: (maximum: number, value) => typeof value !== 'number' || value <= maximum,
  enum: (values: readonly unknown[], value) => values.includes(value),
  pattern: (pattern: string, value) => typeof value !== 'string' || new RegExp(pattern, 'u').test(value),
  items: (items: Schema, value) => !Array.isArray(value) || value.every((item) => isValid(items, item)),
  properties: (properties: Readonly<Record<string, Schema>>, value) =>
    Object.entries(properties).every(
      ([key, schema]) => !Object.hasOwn(Object(value), key) || isValid(schema, Object(value)[key]),
    ),
  additionalProperties: (other: false | Schema, value, { properties }) =>
    Object.entries(Object(value)).every(
      ([key, item]) => Object.hasOwn(Object(properties), key) || (other !== false && isValid(other, item)),
    ),
  required: (keys: readonly string[], value) => keys.every((key) => Object.hasOwn(Object(value), key)),
};

/** Validates by the keywords that the config file's schema has. @throws Error for any other keyword */
export function isValid(schema: Schema, value: unknown): boolean {
  return Object.entries(schema).every(([keyword, argument]) => {
    if (ANNOTATIONS.includes(keyword)) return true;
    const validate = KEYWORDS[keyword];
    if (validate === undefined) throw new Error(`${keyword}: unknown keyword; test/config/json-schema.ts`);
    return validate(argument as never, value, schema);
  });
}

function typesOf(value: unknown): readonly string[] {
  if (value === null) return ['null'];
  if (Array.isArray(value)) return ['array'];
  return Number.isInteger(value) ? ['integer', 'number'] : [typeof value];
}
