import { createKind, type Kind, type KindOptions, Mismatch } from './kind.ts';

export function wholeNumber(min: number, max: number, placeholder = 'N'): Kind<number> {
  return createKind({
    ...integer(min, max, placeholder),
    toJson: (given) => (/^\d{1,10}$/.test(given) ? Number(given) : given),
  });
}

export const milliseconds = (min: number, max: number): Kind<number> => wholeNumber(min, max, 'MS');

const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A number of bytes; in a flag or variable perhaps with a unit, such as `256MB`, each 1,024 of the one before. */
export function bytes(min: number, max: number): Kind<number> {
  const number = integer(min, max, 'BYTES');
  return createKind({
    ...number,
    allowedText: `${number.allowed}, or one with a unit such as 256MB`,
    toJson(given) {
      const [, digits, unit = ''] = /^(\d{1,13}) ?([KMG]B|)$/i.exec(given) ?? [];
      return digits === undefined ? given : Number(digits) * (UNITS[unit.toUpperCase()] ?? 1);
    },
  });
}

function integer(min: number, max: number, placeholder: string): KindOptions<number> {
  return {
    placeholder,
    schema: { type: 'integer', minimum: min, maximum: max },
    allowed: `a whole number from ${min} to ${max}`,
    read: (value) =>
      typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
        ? value
        : undefined,
  };
}

export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return createKind({
    placeholder: values.join('|'),
    schema: { type: 'string', enum: values },
    allowed: `one of ${values.join(', ')}`,
    read: (given) => values.find((value) => value === given),
  });
}

/** One of the values, or `auto`, which is read as undefined. */
export function oneOfOrAuto<const T extends string>(values: readonly T[]): Kind<T | undefined> {
  const kind = oneOf(['auto', ...values]);
  const read = (given: unknown): T | undefined | Mismatch => {
    const value = kind.fromJson(given);
    return value === 'auto' ? undefined : value;
  };
  return { ...kind, fromText: read, fromJson: read, absent: 'auto' };
}

interface TextOptions extends Pick<KindOptions<string>, 'isSecret'> {
  readonly examples?: readonly string[];
  /** Checks what a pattern can't, and returns the canonical form; undefined for what is not allowed. */
  readonly read?: (text: string) => string | undefined;
}

/** A text, which is the same in a flag or variable and in the file. */
export function text(
  placeholder: string,
  allowed: string,
  pattern: RegExp,
  { isSecret, examples, read = (given) => given }: TextOptions = {},
): Kind<string> {
  return createKind({
    placeholder,
    schema: { type: 'string', pattern: pattern.source, ...(examples && { examples }) },
    allowed,
    read: (value) => (typeof value === 'string' && pattern.test(value) ? read(value) : undefined),
    isSecret,
  });
}

/** A list of such texts, which are separated by commas in a flag or variable. @param allowed in the plural */
export function listOf(
  placeholder: string,
  allowed: string,
  pattern: RegExp,
  options: TextOptions = {},
): Kind<readonly string[]> {
  const { schema: items, fromJson } = text(placeholder, allowed, pattern, options);
  const isItem = (item: unknown): item is string => !(fromJson(item) instanceof Mismatch);
  return createKind({
    placeholder,
    schema: { type: 'array', items },
    allowed: `a list of ${allowed}`,
    allowedText: `${allowed}, separated by commas`,
    read: (value) => (Array.isArray(value) && value.every(isItem) ? value : undefined),
    toJson: (list) => list.split(',').map((item) => item.trim()),
    isSecret: options.isSecret,
  });
}
