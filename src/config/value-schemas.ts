/** What the values of a setting may be: keywords of JSON Schema, and what such keywords can't express. */
export interface Schema {
  readonly type: 'integer' | 'boolean' | 'string' | 'array';
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly string[];
  /** Applies to a string, or to each string of a list, as do the next three properties. */
  readonly pattern?: RegExp;
  readonly examples?: readonly string[];
  /** What is allowed, phrased to follow "expected". */
  readonly expected?: string;
  /** Checks what the pattern can't, and returns the canonical form; false for a value that is not allowed. */
  readonly read?: (text: string) => string | false;
  /** Stands for the value in `--help`. */
  readonly placeholder?: string;
}

export const integer = (minimum: number, maximum: number, placeholder = 'N') =>
  ({ type: 'integer', minimum, maximum, placeholder }) as const;

export const port = integer(0, 65_535, 'PORT');

export const off = { type: 'boolean', default: false } as const;

export const oneOf = <const T extends readonly string[]>(...values: T) =>
  ({ type: 'string', enum: values }) as const;

type More = Pick<Schema, 'examples' | 'read'>;

export const text = (placeholder: string, expected: string, pattern: RegExp, more: More = {}) =>
  ({ type: 'string', placeholder, expected, pattern, ...more }) as const;

/** @param expected in the plural */
const listOf = (placeholder: string, expected: string, pattern: RegExp, more: More = {}) =>
  ({ ...text(placeholder, expected, pattern, more), type: 'array', default: [] }) as const;

export const asSecret = <T extends Schema>(schema: T) => ({ ...schema, secret: true as const });

export const host = text('HOST', 'a host name or an IP address', /^[0-9A-Za-z.:_-]+$/);

/** The path of a file, which is checked only when the file is opened. */
export const path = text('FILE', 'the path of a file', /^[^\0]+$/);

/** Matches any letter case without a regex flag, because JSON Schema patterns have none. */
const HTTP = /^[Hh][Tt][Tt][Pp][Ss]?:/;

/** @param read returns the canonical form of a URL; false if it is refused */
const url = (
  expected: string,
  pattern: RegExp,
  example: string,
  read: (url: URL, text: string) => string | false,
) =>
  text('URL', `${expected}, such as ${example}`, pattern, {
    examples: [example],
    read: (value) => URL.canParse(value) && read(new URL(value), value),
  });

const isAnonymous = ({ username, password }: URL): boolean => username + password === '';

export const webUrl = (example: string, expected = 'an http or https URL without credentials') =>
  url(expected, HTTP, example, (parsed) => isAnonymous(parsed) && parsed.href);

/** The root URL of an API, without trailing slashes, and without the `/v1` with which people often paste it. */
export const apiRoot = url(
  'an http or https URL without credentials, query or fragment',
  HTTP,
  'http://localhost:8283',
  (parsed, value) =>
    isAnonymous(parsed) && !/[?#]/.test(value) && value.replace(/\/+$/, '').replace(/\/v1$/, ''),
);

/** The root URL of a site, without trailing slashes. */
export const siteRoot = url(
  'an http or https URL without credentials, query or fragment',
  HTTP,
  'https://runs.example.com',
  ({ href, origin, pathname }) => href === origin + pathname && href.replace(/\/+$/, ''),
);

/** Passwords in URLs are decoded when they are used. */
function isDecodable({ username, password }: URL): boolean {
  try {
    return decodeURIComponent(`${username}:${password}`) !== '';
  } catch {
    return false;
  }
}

const withPassword = (protocols: string, pattern: RegExp, example: string) =>
  url(
    `${protocols} URL, with or without percent-encoded credentials`,
    pattern,
    example,
    (parsed, value) => isDecodable(parsed) && value,
  );

export const proxyUrl = withPassword('an http or https', HTTP, 'http://user:password@proxy.test:3128');

export const storeUrl = asSecret(
  withPassword('a redis or rediss', /^rediss?:\/\//, 'redis://user:password@redis.test:6379/0'),
);

export const headerText = text(
  'TEXT',
  'visible ASCII characters, with spaces only between them',
  /^[!-~](?:[ -~]{0,254}[!-~])?$/,
);

/** Names of headers. `contradictions` refuses those that must not be forwarded. */
export const headerNames = listOf(
  'NAMES',
  'names of headers such as X-Tenant',
  /^[0-9A-Za-z][!#$%&'*+.^_`|~0-9A-Za-z-]*$/,
  { examples: ['X-Tenant', 'X-Bare-Password'] },
);

/** A secret that can be sent in an HTTP header. */
export const secret = asSecret(text('SECRET', 'visible ASCII characters', /^[!-~]+$/));

export const secrets = asSecret(listOf('SECRETS', 'secrets of visible ASCII characters', secret.pattern));

/** Tokens, each alone or as `label:token`. An entry that ends in a colon is refused: its token was forgotten. */
export const accessTokens = asSecret(
  listOf(
    'TOKENS',
    'tokens of visible ASCII characters, each with or without a label, such as alice:TOKEN',
    /^[!-~]*[!-9;-~]$/,
    { examples: ['alice:TOKEN', 'TOKEN-2'] },
  ),
);

/** Hosts of requests, by name or address. Without a list, the address that the gateway listens on decides. */
export const hosts = {
  ...text(
    'HOSTS',
    'names or addresses, each with or without a port, such as gateway.test or [fd00::7]:4000, or *',
    /^(?:\*|(?:\[[0-9A-Fa-f:.]+\]|[0-9A-Za-z._-]+)(?::\d{1,5})?)$/,
  ),
  type: 'array',
} as const;

/** Origins of web pages as browsers send them: in lower case, without a path and without a default port. */
export const origins = listOf(
  'ORIGINS',
  'origins such as https://app.example.com or http://localhost:5173, without a path, or *',
  /^(?:\*|[a-z][a-z0-9+.-]*:\/\/[^\s/\\?#@,*A-Z]+)$/,
  { read: (value) => (!/^https?:/.test(value) || URL.parse(value)?.origin === value) && value },
);
