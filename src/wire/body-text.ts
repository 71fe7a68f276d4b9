import { isUtf8 } from 'node:buffer';

/**
 * How the bytes of an answer become text. `utf8` is what they are. `latin1` takes each byte for a
 * character: a text of one-byte characters, which is parsed and written about twice as fast, and
 * whose strings, written as Latin-1 again, are the very bytes that came. What looks into strings
 * (ids, instants, statuses) sees ASCII either way.
 */
export type BodyEncoding = 'utf8' | 'latin1';

/** A run of escaped UTF-16 units; any other escape is skipped, so that `\\u` behind a backslash is none. */
const ESCAPES = /(?:\\u[0-9a-fA-F]{4})+|\\./g;

/** The text of a body. In `latin1` each string of it, read as UTF-8, is what it is in `utf8`. */
export function bodyText(bytes: Uint8Array, encoding: BodyEncoding): string {
  const body = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (encoding === 'utf8') return body.toString('utf8');
  // Bytes that are no UTF-8 become replacement characters, as they do there.
  const text = (isUtf8(body) ? body : Buffer.from(body.toString('utf8'))).toString('latin1');
  // Characters that are spelled out as escapes have to be bytes like all others.
  return text.includes('\\u') ? text.replace(ESCAPES, unescapeBeyondAscii) : text;
}

function unescapeBeyondAscii(escapes: string): string {
  if (!escapes.startsWith('\\u')) return escapes;
  const characters: string = JSON.parse(`"${escapes}"`);
  return Array.from(characters, (character) => {
    const code = character.codePointAt(0) ?? 0;
    const isAscii = code < 0x80;
    const isLoneSurrogate = code >= 0xd800 && code <= 0xdfff;
    // Half a pair has no bytes in UTF-8: it stays an escape, and is written as one.
    if (isAscii || isLoneSurrogate) return `\\u${code.toString(16).padStart(4, '0')}`;
    return Buffer.from(character, 'utf8').toString('latin1');
  }).join('');
}
