import type { MessageRow } from '../../model/message.ts';
import type { PythonValue } from '../python-json.ts';
import { RowError } from '../row-error.ts';

/** One item of a list of messages: its own keys follow those that all have. */
export interface Item {
  readonly type: string;
  readonly keys: ReadonlyMap<string, PythonValue>;
}

/** Columns that Letta leaves out of some kinds of items. */
export type Omitted = 'name' | 'sender_id' | 'step_id' | 'is_err';

/** @param omitted columns that are null in this kind of item, whatever is stored */
export function item(
  row: MessageRow,
  type: string,
  otid: string | null,
  own: Readonly<Record<string, PythonValue>>,
  omitted: readonly Omitted[] = [],
): Item {
  const column = (name: Exclude<Omitted, 'is_err'>): string | null =>
    omitted.includes(name) ? null : row[name];
  return {
    type,
    keys: new Map<string, PythonValue>([
      ['id', row.id],
      // Letta sends whole seconds.
      ['date', `${row.created_at.slice(0, 19)}+00:00`],
      ['name', column('name')],
      ['message_type', type],
      ['otid', otid],
      ['sender_id', column('sender_id')],
      ['step_id', column('step_id')],
      // False is sent as null.
      ['is_err', row.is_err === 1n && !omitted.includes('is_err') ? true : null],
      ['seq_id', null],
      ['run_id', row.run_id],
      ...Object.entries(own),
    ]),
  };
}

/** The number of items that one message can have: its last seven bits are replaced by that of the item. */
const MAX_ITEMS = 128;

/** Derives the `otid` of an item. @throws RowError for too many items, or an id that isn't a UUID */
export function derivedOtid({ id }: MessageRow, index: number): string {
  if (index >= MAX_ITEMS) throw new RowError('validate', 'Index must be between 0 and 127');
  const digits = id.replace('message-', '').replaceAll('-', '');
  if (!/^[\da-f]+$/i.test(digits)) {
    throw new RowError('validate', `invalid literal for int() with base 16: '${digits}'`);
  }
  const number = ((BigInt(`0x${digits}`) >> 7n) << 7n) | BigInt(index);
  const hex = number.toString(16).padStart(32, '0');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
