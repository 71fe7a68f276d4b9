/** Returns a row of a table of fields: its kind, its description, and where it differs from its kind. */
export function field<const Kind extends string, const More extends object = object>(
  kind: Kind,
  description: string,
  more?: More,
): { readonly kind: Kind; readonly description: string } & NoInfer<More> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- It has no other properties.
  return { kind, description, ...more } as ReturnType<typeof field<Kind, More>>;
}

/** Rows of a table of fields, before each has its key on the wire. */
export type FieldRows = Readonly<
  Record<string, { readonly kind: string; readonly description: string; readonly wire?: string }>
>;

type SnakeCase<Name> = Name extends `${infer First}${infer Rest}`
  ? `${First extends Lowercase<First> ? First : `_${Lowercase<First>}`}${SnakeCase<Rest>}`
  : '';

/** Gives each row its key on the wire: its name in snake_case, unless it says another one. */
export function fieldTable<const Rows extends FieldRows>(rows: Rows) {
  const table = Object.entries(rows).map(([name, row]) => [name, { wire: snakeCase(name), ...row }]);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The same rows, each with a key.
  return Object.fromEntries(table) as {
    readonly [Name in keyof Rows]: Rows[Name] & {
      readonly wire: Rows[Name] extends { readonly wire: infer Wire extends string } ? Wire : SnakeCase<Name>;
    };
  };
}

/** `agentId` is `agent_id` on the wire. */
function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
