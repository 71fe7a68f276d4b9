import { isObject } from './parse-json.ts';

/** A number as `parseJson` returns it. */
type JsonNumber = number | { readonly rawJSON: string };

/**
 * Whether two JSON values are equal: objects whatever the order of their keys, numbers by their values, so that
 * 1 is 1.0, also those of which all digits were kept. It goes no deeper than both values do.
 */
export function equalJson(a: unknown, b: unknown): boolean {
  if (isNumber(a) || isNumber(b)) return isNumber(a) && isNumber(b) && equalNumbers(a, b);
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, at) => equalJson(item, b[at]));
  }
  if (!isObject(a) || !isObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]))
  );
}

/** Returns what is at a path of keys in objects; undefined if there is nothing, not even null. */
export function valueAt(value: unknown, path: readonly string[]): unknown {
  let found = value;
  for (const key of path) {
    if (!isObject(found) || isNumber(found) || !Object.hasOwn(found, key)) return undefined;
    found = found[key];
  }
  return found;
}

function isNumber(value: unknown): value is JsonNumber {
  return typeof value === 'number' || JSON.isRawJSON(value);
}

function equalNumbers(a: JsonNumber, b: JsonNumber): boolean {
  return typeof a === 'number' && typeof b === 'number' ? a === b : decimalOf(a) === decimalOf(b);
}

/** Returns a number as its digits, without zeros around them, and an exponent: `12e1` for 120 and 1.2e2. */
function decimalOf(number: JsonNumber): string {
  const text = typeof number === 'number' ? String(number) : number.rawJSON;
  const [, sign, whole = '', fraction = '', exponent = 0] =
    /^(-?)(\d+)(?:\.(\d+))?(?:e([+-]?\d+))?$/i.exec(text) ?? [];
  const digits = (whole + fraction).replace(/^0+/, '');
  let { length } = digits;
  while (digits[length - 1] === '0') length--;
  if (length === 0) return '0';
  return `${sign}${digits.slice(0, length)}e${Number(exponent) - fraction.length + digits.length - length}`;
}
