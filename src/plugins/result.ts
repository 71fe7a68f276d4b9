import type { ExecutionResult, GraphQLError } from 'graphql';
import { parseJson } from '../json/parse-json.ts';
import { stringifyJson } from '../json/stringify-json.ts';

type Json = Uint8Array<ArrayBuffer>;

/**
 * A result of the JSON `{"data":…}` that the engine has written. As long as nothing but Yoga touches it, the text goes
 * out as it is. Whoever reads `data`, or copies the result, gets plain data; whoever sets `data` sets it.
 */
class TextResult implements ExecutionResult {
  declare data: NonNullable<ExecutionResult['data']> | null;
  declare errors?: readonly GraphQLError[];
  declare extensions?: NonNullable<ExecutionResult['extensions']>;
  /** Undefined once the data is another one. */
  #json: Json | undefined;
  #plain: unknown;

  /** Of each object, so that copies have the data as well. */
  static readonly #DATA = {
    enumerable: true,
    configurable: true,
    get(this: TextResult): unknown {
      this.#plain ??= this.#json && dataOf(this.#json);
      return this.#plain;
    },
    set(this: TextResult, data: unknown): void {
      this.#json = undefined;
      this.#plain = data;
    },
  };

  constructor(json: Json) {
    this.#json = json;
    Object.defineProperty(this, 'data', TextResult.#DATA);
  }

  /** Yoga's processors write a result by it. A copy has none, and is plain. */
  stringify(result: ExecutionResult): string {
    const json = result instanceof TextResult ? result.#json : undefined;
    return json === undefined ? stringifyJson(result) : written(json, result);
  }

  static bytesOf(result: ExecutionResult): Json | undefined {
    const isWhole = result.errors === undefined && result.extensions === undefined;
    return isWhole && result instanceof TextResult ? result.#json : undefined;
  }
}

/** Returns the bytes of a result that is as it was written, and has nothing beside its data. */
export function bytesOf(result: ExecutionResult): Json | undefined {
  return TextResult.bytesOf(result);
}

/** @param json undefined if nothing was executed */
export function textResult(json: Json | undefined, errors: readonly GraphQLError[]): ExecutionResult {
  const result: ExecutionResult = json === undefined ? {} : new TextResult(json);
  return errors.length === 0 ? result : Object.assign(result, { errors });
}

/** Errors come first, as in the examples of the specification. */
function written(json: Json, { errors, extensions }: ExecutionResult): string {
  const text = Buffer.from(json.buffer, json.byteOffset, json.byteLength).toString();
  if (errors === undefined && extensions === undefined) return text;
  const head = errors === undefined ? '{' : `{"errors":${JSON.stringify(errors)},`;
  const tail = extensions === undefined ? '}' : `,"extensions":${JSON.stringify(extensions)}}`;
  // The braces of the text are cut off: head and tail have their own.
  return head + text.slice(1, -1) + tail;
}

function dataOf(json: Json): unknown {
  const { data }: { data?: unknown } = Object(parseJson(Buffer.from(json).toString()));
  return data;
}
