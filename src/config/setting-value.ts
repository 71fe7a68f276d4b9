import type { Setting, SettingValue } from './define-settings.ts';
import type { Schema } from './value-schemas.ts';

/** Converts the text of a flag or variable to the value that the config file would have; else returns the text. */
export function valueOfText({ type }: Setting, text: string): unknown {
  if (type === 'array') return text.trim().split(/\s*[,\n]\s*/);
  if (type === 'boolean') return text === 'on' || text === 'off' ? text === 'on' : text;
  return type === 'integer' && /^\d{1,13}$/.test(text) ? Number(text) : text;
}

/** Checks a value by the schema of its setting. @returns its canonical form; undefined if it is not allowed */
export function validValue(setting: Schema, value: unknown): SettingValue | undefined {
  const { type, minimum = 0, maximum = Infinity } = setting;
  if (type === 'string') return validText(setting, value);
  if (type === 'array') {
    const items = Array.isArray(value) ? value.map((item) => validText(setting, item)) : [undefined];
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  if (type === 'boolean') return typeof value === 'boolean' ? value : undefined;
  const isInRange = typeof value === 'number' && value >= minimum && value <= maximum;
  return isInRange && Number.isInteger(value) ? value : undefined;
}

function validText({ enum: values, pattern, read }: Schema, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (values !== undefined) return values.includes(value) ? value : undefined;
  if (pattern?.test(value) === false) return undefined;
  return (read === undefined ? value : read(value)) || undefined;
}

/** Says what is allowed, phrased to follow "expected". @param isText in a flag or variable, or else in the file */
export function allowed(setting: Schema, isText: boolean): string {
  const { type, minimum, maximum, enum: values, expected = 'a text' } = setting;
  if (type === 'boolean') return isText ? 'one of on, off' : 'true or false';
  if (type === 'integer') return `a whole number from ${minimum} to ${maximum}`;
  if (type === 'array') return isText ? `${expected}, separated by commas` : `a list of ${expected}`;
  return values === undefined ? expected : `one of ${values.join(', ')}`;
}

/** Describes a value that was refused, unless it may be a secret. */
export function shown({ secret, placeholder: unit }: Setting, refused: unknown): string {
  // The part before an @ may be a password, even in an invalid URL.
  const mayBeSecret = secret === true || (unit === 'URL' && String(refused).includes('@'));
  if (mayBeSecret && refused !== '') return 'something else (not shown)';
  if (Array.isArray(refused)) return 'a list';
  if (typeof refused === 'object' && refused !== null) return 'an object';
  return typeof refused === 'string' ? JSON.stringify(refused) : String(refused);
}

/** Stands for the value in `--help`. */
export function placeholderOf({ type, enum: values = [], placeholder }: Setting): string {
  return placeholder ?? (type === 'boolean' ? 'on|off' : values.join('|'));
}

/** Returns the default of a setting as the text of a flag or variable; undefined if there is none. */
export function defaultText({ default: value }: Setting): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return typeof value === 'object' ? value.join(',') || undefined : String(value);
}
