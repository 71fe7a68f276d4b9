import { MESSAGE_TYPES } from '../model/enum-values.ts';
import { laxBoolean } from './lax-boolean.ts';
import { orjson } from './orjson.ts';
import type { PythonValue } from './python-json.ts';
import { notAmong, notOfType, type RowProblem } from './validation-error.ts';

interface ConfigKey {
  readonly fallback: PythonValue;
  readonly problems: (path: string, value: PythonValue) => readonly RowProblem[];
  /** Returns what Pydantic makes of a value without problems. @default the value */
  readonly coerce?: (value: PythonValue) => PythonValue;
}

const KNOWN_TYPES: ReadonlySet<PythonValue> = new Set(MESSAGE_TYPES);

function name(fallback: string): ConfigKey {
  return {
    fallback,
    problems: (path, value) => (typeof value === 'string' ? [] : [notOfType('string_type', path, value)]),
  };
}

/** The keys of Letta's `LettaRequestConfig`, in its order. Others are dropped. */
const KEYS: Readonly<Record<string, ConfigKey>> = {
  use_assistant_message: {
    fallback: true,
    problems(path, value) {
      const { problem } = laxBoolean(value);
      return problem === undefined ? [] : [{ path, ...problem, input: value }];
    },
    coerce: (value) => laxBoolean(value).boolean ?? null,
  },
  assistant_message_tool_name: name('send_message'),
  assistant_message_tool_kwarg: name('message'),
  include_return_message_types: {
    fallback: null,
    problems(path, value) {
      if (value === null) return [];
      if (!Array.isArray(value)) return [notOfType('list_type', path, value)];
      return value.flatMap((type: PythonValue, at) =>
        KNOWN_TYPES.has(type) ? [] : [notAmong(MESSAGE_TYPES, `${path}.${at}`, type)],
      );
    },
  },
};

/** Returns why Letta would refuse a request config; null is none. */
export function requestConfigProblems(path: string, config: PythonValue): RowProblem[] {
  if (config === null) return [];
  if (!(config instanceof Map)) return [notOfType('model_attributes_type', path, config)];
  return Object.entries(KEYS).flatMap(([key, { problems }]) => {
    const value: PythonValue | undefined = config.get(key);
    return value === undefined ? [] : problems(`${path}.${key}`, value);
  });
}

/** Writes a request config without problems as JSON: coerced, with defaults for missing keys. */
export function requestConfig(config: PythonValue): string {
  if (!(config instanceof Map)) return 'null';
  const entries = Object.entries(KEYS).map(([key, { fallback, coerce }]): [string, PythonValue] => {
    const value: PythonValue | undefined = config.get(key);
    if (value === undefined) return [key, fallback];
    return [key, coerce === undefined ? value : coerce(value)];
  });
  return orjson(new Map(entries), 0);
}

/** Returns the types of messages that a request config without problems selects; undefined for all. */
export function includedTypes(config: PythonValue): ReadonlySet<string> | undefined {
  const types: PythonValue | undefined =
    config instanceof Map ? config.get('include_return_message_types') : undefined;
  return Array.isArray(types) && types.length > 0 ? new Set(types.map(String)) : undefined;
}
