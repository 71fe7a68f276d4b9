/** The values of flags that were given, by name without the dashes. */
export type Flags = Readonly<Record<string, string | undefined>>;
export type Environment = Readonly<Record<string, string | undefined>>;

/** What was given can't be used; `problems` has all that is wrong with it, one sentence each. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError' as const;
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** A text that isn't a value of its setting. */
export class Mismatch {
  /** What would be, as the object of "expected". */
  readonly expected: string;
  /** Whether the text must not be shown. */
  readonly secret: boolean;

  constructor(expected: string, { secret = false } = {}) {
    this.expected = expected;
    this.secret = secret;
  }
}

export interface SettingSource {
  readonly flag?: string;
  readonly variable?: string;
}

/** Reads settings and collects what is wrong with them, so that all of it can be told at once. */
export class SettingsReader {
  readonly #flags: Flags;
  readonly #env: Environment;
  readonly #problems: string[] = [];

  constructor(flags: Flags, env: Environment) {
    this.#flags = flags;
    this.#env = env;
  }

  /** A flag beats a variable. An empty variable is as good as none; undefined if there is neither. */
  read<T>({ flag, variable }: SettingSource, parse: (text: string) => T | Mismatch): T | undefined {
    const fromFlag = flag === undefined ? undefined : this.#flags[flag];
    const fromEnv = variable === undefined ? undefined : this.#env[variable] || undefined;
    const text = fromFlag ?? fromEnv;
    if (text === undefined) return undefined;
    const value = parse(text);
    if (!(value instanceof Mismatch)) return value;
    const name = fromFlag === undefined ? variable : `--${flag}`;
    const got = value.secret ? 'something else (not shown)' : JSON.stringify(text);
    this.#problems.push(`${name}: expected ${value.expected}, but got ${got}`);
    return undefined;
  }

  /** Adds a problem of several settings together. */
  refuse(problem: string): void {
    this.#problems.push(problem);
  }

  /** @throws ConfigError if anything that was read could not be used */
  done(): void {
    if (this.#problems.length > 0) throw new ConfigError(this.#problems);
  }
}

export function parseUrl(text: string): string | Mismatch {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isPlain =
    url !== null &&
    /^https?:$/.test(url.protocol) &&
    url.search + url.hash + url.username + url.password === '';
  if (isPlain) return text.replace(/\/+$/, '');
  return new Mismatch(
    'an http or https address without credentials, query or fragment, such as http://localhost:8283',
    { secret: url !== null && url.username + url.password !== '' },
  );
}

/** A secret that fits into an HTTP header. */
export function parseSecret(text: string): string | Mismatch {
  return /^[\x21-\x7e]+$/.test(text) ? text : new Mismatch('visible ASCII characters', { secret: true });
}

/** Secrets with commas between them. */
export function parseSecrets(text: string): readonly string[] | Mismatch {
  const secrets = text.split(',').map((secret) => secret.trim());
  if (secrets.every((secret) => /^[\x21-\x7e]+$/.test(secret))) return secrets;
  return new Mismatch('tokens of visible ASCII characters with commas between them', { secret: true });
}

export function parseHost(text: string): string | Mismatch {
  return /^[0-9A-Za-z.:_-]+$/.test(text) ? text : new Mismatch('a host name or an IP address');
}

export function parsePort(text: string): number | Mismatch {
  return parseWholeNumber(text, 0, 65_535);
}

export function parseWholeNumber(text: string, min: number, max: number): number | Mismatch {
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : new Mismatch(`a whole number from ${min} to ${max}`);
}

export function parseOneOf<const T extends string>(text: string, allowed: readonly T[]): T | Mismatch {
  return allowed.find((value) => value === text) ?? new Mismatch(`one of ${allowed.join(', ')}`);
}

export function parsePath(text: string): string | Mismatch {
  return text === '' ? new Mismatch('the path of a file') : text;
}
