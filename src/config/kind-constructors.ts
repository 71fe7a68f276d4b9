import { type Kind, Mismatch, type ValueSchema } from './kind.ts';

export function wholeNumber(min: number, max: number, placeholder = 'N'): Kind<number> {
  const allowed = `a whole number from ${min} to ${max}`;
  const check = (value: unknown): number | Mismatch =>
    typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max
      ? value
      : new Mismatch(allowed);
  return {
    placeholder,
    fromText: (text) => check(/^\d{1,10}$/.test(text) ? Number(text) : text),
    fromJson: check,
    schema: { type: 'integer', minimum: min, maximum: max },
    allowed: { text: allowed, json: allowed },
  };
}

export const milliseconds = (min: number, max: number): Kind<number> => wholeNumber(min, max, 'MS');

const UNITS: Readonly<Record<string, number>> = { '': 1, KB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 };

/** A number of bytes; in a flag or variable perhaps with a unit, such as `256MB`, each 1,024 of the one before. */
export function bytes(min: number, max: number): Kind<number> {
  const number = wholeNumber(min, max, 'BYTES');
  const text = `${number.allowed.text}, or one with a unit such as 256MB`;
  return {
    ...number,
    fromText(given) {
      const [, digits, unit = ''] = /^(\d{1,13}) ?([KMG]B|)$/i.exec(given) ?? [];
      const read = number.fromJson(
        digits === undefined ? given : Number(digits) * (UNITS[unit.toUpperCase()] ?? 1),
      );
      return read instanceof Mismatch ? new Mismatch(text) : read;
    },
    allowed: { ...number.allowed, text },
  };
}

export function oneOf<const T extends string>(values: readonly T[]): Kind<T> {
  return textual(values.join('|'), `one of ${values.join(', ')}`, { type: 'string', enum: values }, (text) =>
    values.find((value) => value === text),
  );
}

/** One of the values, or `auto`, which is read as undefined. */
export function oneOfOrAuto<const T extends string>(values: readonly T[]): Kind<T | undefined> {
  const kind = oneOf(['auto', ...values]);
  const autoToUndefined = (value: T | 'auto' | Mismatch): T | undefined | Mismatch =>
    value === 'auto' ? undefined : value;
  return {
    ...kind,
    fromText: (text) => autoToUndefined(kind.fromText(text)),
    fromJson: (value) => autoToUndefined(kind.fromJson(value)),
    absent: 'auto',
  };
}

interface ListOptions {
  readonly isSecret?: boolean;
  /** Of items. */
  readonly examples?: readonly string[];
  /** Checks what a pattern can't. */
  readonly isValid?: (item: string) => boolean;
}

/** A list whose items are separated by commas in a flag or variable. @param allowed in the plural */
export function listOf(
  placeholder: string,
  allowed: string,
  pattern: RegExp,
  { isSecret = false, isValid = () => true, examples }: ListOptions = {},
): Kind<readonly string[]> {
  const texts = { text: `${allowed}, separated by commas`, json: `a list of ${allowed}` };
  const isItem = (item: unknown): item is string =>
    typeof item === 'string' && pattern.test(item) && isValid(item);
  return {
    placeholder,
    fromText: (text) => {
      const list = text.split(',').map((item) => item.trim());
      return list.every(isItem) ? list : new Mismatch(texts.text, { secret: isSecret });
    },
    fromJson: (value) =>
      Array.isArray(value) && value.every(isItem) ? value : new Mismatch(texts.json, { secret: isSecret }),
    schema: {
      type: 'array',
      items: { type: 'string', pattern: pattern.source, ...(examples && { examples }) },
    },
    allowed: texts,
  };
}

export function matching(placeholder: string, allowed: string, pattern: RegExp, { isSecret = false } = {}) {
  return textual(
    placeholder,
    allowed,
    { type: 'string', pattern: pattern.source },
    (text) => (pattern.test(text) ? text : undefined),
    () => isSecret,
  );
}

/** A kind whose values are strings in the file as well. */
export function textual<T extends string>(
  placeholder: string,
  allowed: string,
  schema: ValueSchema,
  read: (text: string) => T | undefined,
  isSecret: (text: string) => boolean = () => false,
): Kind<T> {
  const fromText = (text: string): T | Mismatch =>
    read(text) ?? new Mismatch(allowed, { secret: isSecret(text) });
  return {
    placeholder,
    fromText,
    fromJson: (value) =>
      typeof value === 'string' ? fromText(value) : new Mismatch(allowed, { secret: isSecret('') }),
    schema,
    allowed: { text: allowed, json: allowed },
  };
}
