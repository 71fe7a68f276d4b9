import recording from './letta-runs.openapi.json' with { type: 'json' };

/** As much of JSON Schema as the recording of Letta's OpenAPI has. */
export interface Schema {
  readonly $ref?: string;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
}

const SCHEMAS: Readonly<Record<string, Schema>> = recording.components.schemas;
const DATE_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{6})?(?:Z|\+00:00)?$/;

const TYPES: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  string: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  integer: Number.isInteger,
  number: (value) => typeof value === 'number',
  array: Array.isArray,
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
};

/** The recorded schema of a name, or of the items of a type of message. */
export function schemaOf(name: string): Schema {
  const found =
    SCHEMAS[name] ??
    Object.values(SCHEMAS).find(({ properties }) => properties?.['message_type']?.const === name);
  if (found === undefined) throw new Error(`expected a schema of the recording, but got: ${name}`);
  return found;
}

/** What is wrong with a value by a recorded schema, one line each; nothing for a right one. */
export function problemsOf(value: unknown, schema: Schema, place = ''): string[] {
  if (schema.$ref !== undefined)
    return problemsOf(value, schemaOf(schema.$ref.split('/').at(-1) ?? ''), place);
  const options = schema.anyOf ?? schema.oneOf;
  if (options !== undefined) {
    const tried = options.map((option) => problemsOf(value, option, place));
    return tried.toSorted((a, b) => a.length - b.length)[0] ?? [];
  }
  const isRight =
    (schema.type === undefined || TYPES[schema.type]?.(value) === true) &&
    (schema.enum?.includes(value) ?? true) &&
    (schema.const === undefined || schema.const === value) &&
    (schema.pattern === undefined || new RegExp(schema.pattern).test(String(value))) &&
    (schema.format !== 'date-time' || DATE_TIME.test(String(value)));
  if (!isRight) return [`${place}: ${JSON.stringify(value)} is not ${JSON.stringify(schema)}`];
  if (Array.isArray(value))
    return value.flatMap((item, at) => problemsOf(item, schema.items ?? {}, `${place}[${at}]`));
  const { properties, required = [], additionalProperties } = schema;
  if (properties === undefined) return [];
  const entries = Object.entries(value as object);
  const missing = required.filter((name) => !entries.some(([key]) => key === name));
  return [
    ...missing.map((name) => `${place}.${name}: missing`),
    ...entries.flatMap(([key, own]) => {
      const known = properties[key];
      if (known !== undefined) return problemsOf(own, known, `${place}.${key}`);
      return additionalProperties === false ? [`${place}.${key}: unknown`] : [];
    }),
  ];
}
