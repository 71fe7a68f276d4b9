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
export const bytes = (min: number, max: number): Kind<number> => wholeNumber(min, max, 'BYTES');
export const port = wholeNumber(0, 65_535, 'PORT');

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

export const onOff: Kind<boolean> = {
  placeholder: 'on|off',
  fromText: (text) => (text === 'on' || text === 'off' ? text === 'on' : new Mismatch(onOff.allowed.text)),
  fromJson: (value) => (typeof value === 'boolean' ? value : new Mismatch(onOff.allowed.json)),
  schema: { type: 'boolean' },
  allowed: { text: 'one of on, off', json: 'true or false' },
};

export const host = matching('HOST', 'a host name or an IP address', /^[0-9A-Za-z.:_-]+$/);

/** The path of a file, which is checked when it is opened. */
export const path = matching('FILE', 'the path of a file', /^[^\0]+$/);

/** Matches any letter case without a regex flag, because JSON Schema patterns have none. */
const HTTP = /^[Hh][Tt][Tt][Pp][Ss]?:/;

/**
 * The root URL of an API. People often paste it with the version prefix of its paths, so trailing
 * slashes and a trailing `/v1` are removed.
 */
export const apiRoot: Kind<string> = textual(
  'URL',
  'an http or https URL without credentials, query or fragment, such as http://localhost:8283',
  { type: 'string', pattern: HTTP.source, examples: ['http://localhost:8283'] },
  (text) => {
    const url = URL.canParse(text) ? new URL(text) : null;
    const isPlain =
      url !== null && HTTP.test(text) && !/[?#]/.test(text) && url.username + url.password === '';
    return isPlain ? text.replace(/\/+$/, '').replace(/\/v1$/, '') : undefined;
  },
  // The part before an @ may be a password, even in an invalid URL.
  (text) => text.includes('@'),
);

const SECRET = /^[!-~]+$/;

/** A secret that can be sent in an HTTP header. */
export const secret = matching('SECRET', 'visible ASCII characters', SECRET, { isSecret: true });

export const secrets = listOf('SECRETS', 'tokens of visible ASCII characters', SECRET, { isSecret: true });

/** Hosts of requests, by name or address. */
export const hosts = listOf(
  'HOSTS',
  'names or addresses, each with or without a port, such as gateway.test or [fd00::7]:4000, or *',
  /^(?:\*|(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::\d{1,5})?)$/,
);

/** Origins of web pages as browsers send them: in lower case, without a path and without a default port. */
export const origins = listOf(
  'ORIGINS',
  'origins such as https://app.example.com or http://localhost:5173, without a path, or *',
  /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/\\?#@,*A-Z]+)$/,
  { isValid: (text) => !/^https?:/.test(text) || (URL.canParse(text) && new URL(text).origin === text) },
);

interface ListOptions {
  readonly isSecret?: boolean;
  /** Checks what a pattern can't. */
  readonly isValid?: (item: string) => boolean;
}

/** A list whose items are separated by commas in a flag or variable. @param allowed in the plural */
function listOf(
  placeholder: string,
  allowed: string,
  pattern: RegExp,
  { isSecret = false, isValid = () => true }: ListOptions = {},
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
    schema: { type: 'array', items: { type: 'string', pattern: pattern.source } },
    allowed: texts,
  };
}

function matching(placeholder: string, allowed: string, pattern: RegExp, { isSecret = false } = {}) {
  return textual(
    placeholder,
    allowed,
    { type: 'string', pattern: pattern.source },
    (text) => (pattern.test(text) ? text : undefined),
    () => isSecret,
  );
}

/** A kind whose values are strings in the file as well. */
function textual<T extends string>(
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
