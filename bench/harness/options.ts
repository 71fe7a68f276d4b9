import { parseArgs } from 'node:util';

type Options = Readonly<Record<string, number | string>>;
type Read<Defaults extends Options> = {
  readonly [Name in keyof Defaults]: Defaults[Name] extends number ? number : string;
};

/** What all measurements in rounds can be told; seconds. */
export const ROUNDS = { rounds: 5, seconds: 3, 'warm-up': 6, connections: 8 };

/**
 * Reads the options of a benchmark from the command line, such as `--rows 100`, and what else is there. An option whose
 * default is a number is one.
 */
export function readOptions<const Defaults extends Options>(
  defaults: Defaults,
): { readonly options: Read<Defaults>; readonly others: readonly string[] } {
  const entries = Object.entries(defaults);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: Object.fromEntries(
      entries.map(([name, value]) => [name, { type: 'string', default: String(value) }] as const),
    ),
  });
  const options = entries.map(([name, value]) => [
    name,
    typeof value === 'number' ? Number(values[name]) : values[name],
  ]);
  return { options: Object.fromEntries(options), others: positionals };
}
