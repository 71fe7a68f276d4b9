import type { Position } from './position.ts';

/** A cursor as a client sends it: one of ours, or the plain id of an item, as REST takes it. */
export type CursorTarget =
  | { readonly kind: 'position'; readonly position: Position }
  | { readonly kind: 'id'; readonly id: string };

const VERSION = '1';
/** Ours have about 110 characters; nothing longer is looked at. */
const MAX_LENGTH = 256;
const CONTENT = /^1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}) ([^ ]+) ([0-9a-f]{8})$/;

/** What the ids of a list's items look like. */
export interface CursorIds {
  /** Those that are taken for a cursor as they stand. */
  readonly pattern: RegExp;
  /** Those that items of the list may have, and so its cursors. */
  readonly listedPattern: RegExp;
}

/** Where cursors are written, so that a page of a thousand needs no buffers of its own. */
const scratch = Buffer.alloc(MAX_LENGTH);
/** A space and eight digits. */
const CHECK_LENGTH = 9;

/** The cursor of a position: URL-safe, opaque, and the same for the same position at any time. */
export function encodeCursor(position: Position): string {
  const content = `${VERSION} ${position.createdAt} ${position.id}`;
  const fits = content.length + CHECK_LENGTH <= scratch.length;
  const bytes = fits ? scratch : Buffer.alloc(content.length + CHECK_LENGTH);
  bytes.write(content, 0, 'latin1');
  bytes.write(` ${checksum(bytes, content.length)}`, content.length, 'latin1');
  return bytes.toString('base64url', 0, content.length + CHECK_LENGTH);
}

/**
 * What a cursor points to, or null for a text that is none. Any change to a cursor makes it
 * invalid, rather than a cursor of some other position.
 */
export function decodeCursor(text: string, ids: CursorIds): CursorTarget | null {
  if (text.length > MAX_LENGTH) return null;
  if (ids.pattern.test(text)) return { kind: 'id', id: text };
  const bytes = Buffer.from(text, 'base64url');
  // Node skips what is not base64: only the one canonical form of a cursor is a cursor.
  if (bytes.toString('base64url') !== text) return null;
  const content = bytes.toString('latin1');
  const [, createdAt, id, check] = CONTENT.exec(content) ?? [];
  if (createdAt === undefined || id === undefined || !ids.listedPattern.test(id)) return null;
  if (checksum(bytes, bytes.length - CHECK_LENGTH) !== check) return null;
  return { kind: 'position', position: { createdAt, id } };
}

/**
 * FNV-1a, 32 bits, as 8 hex digits. It tells a garbled cursor from a good one; it is no signature,
 * since a cursor grants nothing that its holder could not ask for otherwise.
 */
function checksum(bytes: Uint8Array, length: number): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < length; i++) {
    hash = Math.imul(hash ^ (bytes[i] ?? 0), 0x01000193);
  }
  return (hash >>> 0).toString(16).padStart(8, '0');
}
