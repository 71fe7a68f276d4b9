import type { CursorFormat } from '../list.ts';
import type { Position } from '../position.ts';

/** The target of a cursor argument: an encoded position, or the plain id of an item, as in REST. */
export type CursorTarget =
  | { readonly type: 'position'; readonly position: Position }
  | { readonly type: 'id'; readonly id: string };

const VERSION = '1';
/** Characters; cursors have about 110. Longer texts are refused unread. */
const MAX_LENGTH = 256;
const CONTENT = /^1 (?:([^ ]+) )?([^ ]+) ([0-9a-f]{8})$/;
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}$/;

/** Characters of the checksum: a space and eight hex digits. */
const CHECK_LENGTH = 9;

/** Encodes a position as a cursor: URL-safe, opaque, and always the same for the same position. */
export function encodeCursor(position: Position): string {
  return encode(`${VERSION} ${position.key} ${position.id}`);
}

/** Encodes the cursor of an item in a list without positions. */
export function encodeItemCursor(id: string): string {
  return encode(`${VERSION} ${id}`);
}

function encode(content: string): string {
  const bytes = Buffer.from(content, 'latin1');
  return Buffer.from(`${content} ${checksum(bytes, bytes.length)}`, 'latin1').toString('base64url');
}

/** Decodes a cursor; returns null for an invalid one, such as one in which a character was changed. */
export function decodeCursor(text: string, { pattern, listedPattern }: CursorFormat): CursorTarget | null {
  if (text.length > MAX_LENGTH) return null;
  if (pattern.test(text)) return { type: 'id', id: text };
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== text) return null;
  const content = bytes.toString('latin1');
  const [, key, id, check] = CONTENT.exec(content) ?? [];
  if (id === undefined || !listedPattern.test(id)) return null;
  if (checksum(bytes, bytes.length - CHECK_LENGTH) !== check) return null;
  if (key === undefined) return { type: 'id', id };
  return INSTANT.test(key) ? { type: 'position', position: { key, id } } : null;
}

/**
 * Returns the 32-bit FNV-1a hash as 8 hex digits, which detects garbled cursors. It is no signature: a cursor gives
 * access to nothing that its holder could not request otherwise.
 */
function checksum(bytes: Uint8Array, length: number): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
