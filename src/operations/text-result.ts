import type { ExecutionResult, GraphQLError, GraphQLFormattedError } from 'graphql';
import { parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';

type Json = Uint8Array<ArrayBuffer>;

/**
 * A result with the JSON `{"data":…}` that the engine has written. The text is sent as it is, unless a plugin reads or
 * sets `data`, or copies the result: from then on it is an ordinary result.
 */
class TextResult implements ExecutionResult {
  declare data: NonNullable<ExecutionResult['data']> | null;
  readonly #json: Json;

  /** An enumerable property of each object, so that copies have the data. Its first use makes it a plain property. */
  static readonly #DATA = {
    enumerable: true,
    configurable: true,
    get(this: TextResult): unknown {
      const text = Buffer.from(this.#json).toString();
      const { data }: TextResult = Object(parseJson(text, (source) => new LongNumber(source)));
      if (!Object.isSealed(this)) this.data = data;
      return data;
    },
    set(this: TextResult, value: unknown): void {
      Object.defineProperty(this, 'data', { value, writable: true, enumerable: true, configurable: true });
    },
  };

  constructor(json: Json) {
    this.#json = json;
    Object.defineProperty(this, 'data', TextResult.#DATA);
  }

  /** Yoga's processors serialize a result by this method. Copies don't have it, and are plain. */
  stringify(result: ExecutionResult): string {
    const json = TextResult.jsonOf(result);
    return json === undefined ? stringifyJson(result) : written(json, result);
  }

  /** Returns the text of a result whose data was not read or set; else undefined. */
  static jsonOf(result: ExecutionResult): Json | undefined {
    const isUntouched = Object.getOwnPropertyDescriptor(result, 'data')?.get !== undefined;
    return isUntouched && result instanceof TextResult ? result.#json : undefined;
  }
}

/** Returns the bytes of a result whose data was not read or set; else undefined, also if Yoga has to process `http`. */
export function bytesOf(result: ExecutionResult): Json | undefined {
  return isWritten(result) && result.extensions?.['http'] === undefined ? sentBytes(result) : undefined;
}

/** Returns the bytes of one result of a stream, without what only a response can have. */
export function sentBytes(result: ExecutionResult & { stringify?: (result: object) => string }): Json {
  const json = TextResult.jsonOf(result);
  const { errors, extensions, stringify = stringifyJson } = result;
  const sent = {
    ...(errors && { errors: errors.map(formatted) }),
    ...(extensions && { extensions: withoutHttp(extensions) }),
  };
  if (json === undefined) return Buffer.from(stringify({ ...result, ...sent }));
  return errors === undefined && extensions === undefined ? json : Buffer.from(written(json, sent));
}

/** Returns an error in the form to send. */
export function formatted(error: GraphQLError): GraphQLFormattedError {
  const { extensions = {}, ...rest } = error.toJSON();
  return { ...rest, extensions: withoutHttp(extensions) };
}

/** Leaves out the extension `http`: a status and headers, which a stream can't send any more. */
function withoutHttp({ http: _http, ...extensions }: Readonly<Record<string, unknown>>) {
  return extensions;
}

/** Whether the data of a result is still the text of the engine. Does not read the data. */
const isWritten = (result: ExecutionResult): boolean => TextResult.jsonOf(result) !== undefined;

/** Whether a result has data, perhaps null. Does not read the data. */
export const hasData = (result: ExecutionResult): boolean => isWritten(result) || result.data !== undefined;

/** @param json undefined if nothing was executed */
export function textResult(json: Json | undefined, errors: readonly GraphQLError[]): ExecutionResult {
  const result: ExecutionResult = json === undefined ? {} : new TextResult(json);
  return errors.length === 0 ? result : Object.assign(result, { errors });
}

/** Errors come first, as in the examples of the specification. */
function written(json: Json, { errors, extensions }: { errors?: unknown; extensions?: unknown }): string {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
  if (errors === undefined && extensions === undefined) return text;
  const head = errors === undefined ? '{' : `{"errors":${JSON.stringify(errors)},`;
  const tail = extensions === undefined ? '}' : `,"extensions":${JSON.stringify(extensions)}}`;
  // Head and tail have the braces.
  return head + text.slice(1, -1) + tail;
}

/** A whole number beyond 2^53-1 as plugins see it: `JSON.rawJSON` would lose its meaning when they copy objects. */
class LongNumber {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.#text);
  }

  toString(): string {
    return this.#text;
  }
}
