import type { PythonValue } from '../python-json.ts';
import { RowError } from '../row-error.ts';
import { validationError } from '../validation-error.ts';
import { fieldsOf, IMAGE_SOURCES, type MODELS, problemsOf, type Read, readModel } from './models.ts';

/** A part of a message's content, with all fields of its model. */
export interface Part {
  readonly type: string;
  readonly fields: Read;
}

const PART_MODELS: Readonly<Record<string, keyof typeof MODELS>> = {
  text: 'TextContent',
  reasoning: 'ReasoningContent',
  redacted_reasoning: 'RedactedReasoningContent',
  omitted_reasoning: 'OmittedReasoningContent',
  summarized_reasoning: 'SummarizedReasoningContent',
  tool_call: 'ToolCallContent',
  tool_return: 'ToolReturnContent',
};

/** What Python raises for the wrong kind of JSON, which Letta doesn't handle. */
export function unreadable(what: string): RowError {
  return new RowError('read', what, { isUnhandled: true });
}

/** Reads a list column; null and anything empty is an empty list. @throws RowError for another kind of JSON */
export function readList(value: PythonValue): readonly Read[] {
  if (value === null || value === false || value === '') return [];
  if (!Array.isArray(value)) throw unreadable('the column is no list');
  return value.flatMap((item: PythonValue): Read[] => {
    if (item === null) return [];
    if (!(item instanceof Map)) throw unreadable('an item is no object');
    return [item];
  });
}

/** Reads the parts of a content; those of an unknown type are left out, as in Letta. @throws RowError */
export function readParts(value: PythonValue): Part[] {
  return readList(value).flatMap((item): Part[] => {
    const type = item.get('type');
    if (type === 'image') {
      // Letta asserts that stored images are its own.
      if (sourceOf(item)?.get('type') !== 'letta') throw unreadable('the image has another source');
      return [readImage(item)];
    }
    const model = typeof type === 'string' ? PART_MODELS[type] : undefined;
    return typeof type === 'string' && model !== undefined ? [{ type, fields: readModel(model, item) }] : [];
  });
}

/** Reads an image of any source. @throws RowError */
export function readImage(item: Read): Part {
  const source = sourceOf(item) ?? new Map();
  const type = source.get('type');
  const model = typeof type === 'string' ? IMAGE_SOURCES[type] : undefined;
  if (model === undefined) throw unreadable('the image has no known source');
  const problems = problemsOf(model, source, `source.${String(type)}.`);
  if (problems.length > 0) throw validationError(problems, 'ImageContent');
  const fields = new Map([['source', new Map([['type', type ?? null], ...fieldsOf(model, source)])]]);
  return { type: 'image', fields };
}

function sourceOf(item: Read): Read | undefined {
  const source = item.get('source');
  return source instanceof Map ? source : undefined;
}

/** Writes a part as JSON has it. */
export function partValue({ type, fields }: Part): Read {
  return new Map([['type', type], ...fields]);
}
