/**
 * A JSON value of a parser that shares nothing with V8's. Objects are maps; of equal keys the last wins.
 */
export type ExactJson =
  | ReadonlyMap<string, ExactJson>
  | readonly ExactJson[]
  | string
  | number
  | boolean
  | null;

const ESCAPES: Readonly<Record<string, string>> = {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
};

/** Parses as RFC 8259 says, one rule of the grammar after the other. @throws SyntaxError */
export function parseExactly(text: string): ExactJson {
  let at = 0;
  /** All patterns are sticky. */
  const take = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const [taken] = pattern.exec(text) ?? [];
    at += taken?.length ?? 0;
    return taken;
  };
  const need = (pattern: RegExp): string => {
    const taken = take(pattern);
    if (taken === undefined) throw new SyntaxError(`Expected ${pattern} at ${at}`);
    return taken;
  };
  const token = (pattern: RegExp): string | undefined => {
    take(/[ \t\r\n]*/y);
    return take(pattern);
  };
  const string = (): string => {
    let value = '';
    while (take(/"/y) === undefined) {
      const piece = need(/\\u[\dA-Fa-f]{4}|\\["\\/bfnrt]|[ !#-[\]-\uffff]/y);
      if (piece.startsWith('\\u')) value += String.fromCharCode(Number.parseInt(piece.slice(2), 16));
      else value += piece.startsWith('\\') ? ESCAPES[piece.slice(1)] : piece;
    }
    return value;
  };
  const separated = (end: RegExp, item: () => void): void => {
    if (token(end) !== undefined) return;
    do item();
    while (token(/,/y) !== undefined);
    if (token(end) === undefined) throw new SyntaxError(`Expected ${end} at ${at}`);
  };
  const value = (): ExactJson => {
    if (token(/\{/y) !== undefined) {
      const object = new Map<string, ExactJson>();
      separated(/\}/y, () => {
        if (token(/"/y) === undefined) throw new SyntaxError(`Expected a key at ${at}`);
        const key = string();
        if (token(/:/y) === undefined) throw new SyntaxError(`Expected a colon at ${at}`);
        object.set(key, value());
      });
      return object;
    }
    if (token(/\[/y) !== undefined) {
      const list: ExactJson[] = [];
      separated(/\]/y, () => list.push(value()));
      return list;
    }
    if (token(/"/y) !== undefined) return string();
    const literal = need(/true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y);
    if (literal === 'null') return null;
    return literal === 'true' || literal === 'false' ? literal === 'true' : Number(literal);
  };
  const whole = value();
  if (token(/[^]/y) !== undefined) throw new SyntaxError(`Expected the end at ${at}`);
  return whole;
}

/** What a parsed value is, in the form of {@link parseExactly}. */
export function exactOf(value: unknown): ExactJson {
  if (Array.isArray(value)) return value.map(exactOf);
  if (JSON.isRawJSON(value)) return Number(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return value as ExactJson;
  return new Map(Object.keys(value).map((key) => [key, exactOf(Reflect.get(value, key))]));
}
