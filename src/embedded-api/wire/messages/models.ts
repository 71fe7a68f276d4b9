import { laxBoolean } from '../lax-boolean.ts';
import type { PythonValue } from '../python-json.ts';
import type { RowError } from '../row-error.ts';
import { notOfType, type RowProblem, validationError } from '../validation-error.ts';

/** What Pydantic reads from an object: a value for each field of the model, in its order. */
export type Read = ReadonlyMap<string, PythonValue>;

interface Field {
  /** Absent is null. */
  readonly isOptional?: true;
  readonly problems: (path: string, value: PythonValue) => readonly RowProblem[];
}

/** The fields of one of Letta's models. */
export type Model = Readonly<Record<string, Field>>;

const text: Field = {
  problems: (path, value) => (typeof value === 'string' ? [] : [notOfType('string_type', path, value)]),
};
const flag: Field = {
  problems(path, value) {
    const { problem } = laxBoolean(value);
    return problem === undefined ? [] : [{ path, ...problem, input: value }];
  },
};
const dictionary: Field = {
  problems: (path, value) => (value instanceof Map ? [] : [notOfType('dict_type', path, value)]),
};
const texts: Field = {
  problems(path, value) {
    if (!Array.isArray(value)) return [notOfType('list_type', path, value)];
    return value.flatMap((item: PythonValue, at) => text.problems(`${path}.${at}`, item));
  },
};
const anything: Field = { problems: () => [] };
const optional = ({ problems }: Field): Field => ({
  isOptional: true,
  problems: (path, value) => (value === null ? [] : problems(path, value)),
});
const literal = (...values: readonly string[]): Field => ({
  problems: (path, input) =>
    typeof input === 'string' && values.includes(input)
      ? []
      : [
          {
            path,
            type: 'literal_error',
            msg: `Input should be ${values.map((value) => `'${value}'`).join(' or ')}`,
            input,
          },
        ],
});

/** Letta's models of what is stored as JSON in a message, by name. */
export const MODELS = {
  TextContent: { text, signature: optional(text) },
  ReasoningContent: { is_native: flag, reasoning: text, signature: optional(text) },
  RedactedReasoningContent: { data: text },
  OmittedReasoningContent: { signature: optional(text) },
  // Letta declares a default that is null, but no null.
  SummarizedReasoningContent: {
    id: text,
    summary: anything,
    encrypted_content: { ...text, isOptional: true },
  },
  ToolCallContent: { id: text, name: text, input: dictionary, signature: optional(text) },
  ToolReturnContent: { tool_call_id: text, content: text, is_error: flag },
  Function: { arguments: text, name: text },
  ChatCompletionMessageFunctionToolCall: { id: text, function: dictionary, type: literal('function') },
  /** A return as it is stored. */
  ToolReturn: {
    tool_call_id: optional(anything),
    status: literal('success', 'error'),
    stdout: optional(texts),
    stderr: optional(texts),
    func_response: optional(anything),
  },
  ApprovalReturn: { tool_call_id: text, approve: flag, reason: optional(text) },
} as const satisfies Readonly<Record<string, Model>>;

/** The sources of an image, by their `type`. */
export const IMAGE_SOURCES: Readonly<Record<string, Model>> = {
  url: { url: text },
  base64: { media_type: text, data: text, detail: optional(text) },
  letta: { file_id: text, media_type: optional(text), data: optional(text), detail: optional(text) },
};

/** Returns what is wrong with an object. @param prefix of the paths, with a dot at its end */
export function problemsOf(model: Model, input: Read, prefix = ''): RowProblem[] {
  return Object.entries(model).flatMap(([name, { isOptional, problems }]) => {
    const value = input.get(name);
    if (value !== undefined) return problems(prefix + name, value);
    return isOptional ? [] : [{ path: prefix + name, type: 'missing', msg: 'Field required', input }];
  });
}

/** Returns the fields of a model that an object has no problems with. */
export function fieldsOf(model: Model, input: Read): Read {
  return new Map(Object.keys(model).map((name) => [name, input.get(name) ?? null]));
}

/** @throws RowError in Pydantic's words for an object that the model refuses */
export function readModel(name: keyof typeof MODELS, input: Read): Read {
  const problems = problemsOf(MODELS[name], input);
  if (problems.length > 0) throw validationError(problems, name);
  return fieldsOf(MODELS[name], input);
}

/** The error for a text that is null or something else where Letta's model of an item needs one. */
export function notText(model: string, path: string, value: PythonValue): RowError {
  return validationError([notOfType('string_type', path, value)], model);
}

export function isText(value: PythonValue | undefined): value is string {
  return typeof value === 'string';
}

/** The text of a field that was checked. */
export function textOf(read: Read, name: string): string {
  const value = read.get(name);
  return isText(value) ? value : '';
}
