import type { PythonValue } from '../python-json.ts';
import { RowError } from '../row-error.ts';
import { notOfType, validationError } from '../validation-error.ts';
import { item, type Item } from './items.ts';
import { isText, readModel } from './models.ts';
import { unpackMessage } from './python-text.ts';
import { partValue, readImage, readList } from './read-parts.ts';
import { singleText, type StoredMessage } from './stored-message.ts';

/** @throws RowError for a message without content, or with what a user can't say */
export function userItem({ row, parts }: StoredMessage): Item {
  if (parts.length === 0) throw invalid('user message (no text object on message)');
  const text = singleText(parts);
  const content = text === undefined ? parts.map(partValue) : unpackMessage(text);
  return item(row, 'user_message', row.otid, { content: userContent(content) });
}

/** Letta sends summaries as messages of the user. @throws RowError unless the content is one text */
export function summaryItem({ row, parts }: StoredMessage): Item {
  const text = singleText(parts);
  if (text === undefined) throw invalid('summary message (no text object on message)');
  return item(row, 'user_message', row.otid, { content: userContent(unpackMessage(text)) });
}

/** @throws RowError unless the content is one text */
export function systemItem({ row, parts }: StoredMessage): Item {
  const text = singleText(parts);
  if (text === undefined) throw invalid('system message (no text object on system)');
  return item(row, 'system_message', row.otid, { content: text }, ['is_err']);
}

/** A text, or a list of texts and images. */
function userContent(content: PythonValue): PythonValue {
  if (isText(content)) return content;
  const path = 'content.list[tagged-union[TextContent,ImageContent]]';
  if (!Array.isArray(content)) {
    throw validationError(
      [notOfType('string_type', 'content.str', content), notOfType('list_type', path, content)],
      'UserMessage',
    );
  }
  return readList(content).map((part) => {
    if (part.get('type') === 'image') return partValue(readImage(part));
    if (part.get('type') === 'text')
      return partValue({ type: 'text', fields: readModel('TextContent', part) });
    throw validationError([notOfType('string_type', 'content.str', content)], 'UserMessage');
  });
}

/** Letta's text goes on with the content, here always as if it were empty. */
function invalid(what: string): RowError {
  return new RowError('validate', `Invalid ${what}: []`);
}
