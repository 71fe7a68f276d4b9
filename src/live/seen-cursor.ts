import { codeRuns, readCodedRuns, writeCodedRuns } from './coded-runs.ts';
import { CursorReader, CursorWriter } from './cursor-bytes.ts';
import { hash48 } from './hash48.ts';
import type { Seen, Sighting } from './seen.ts';
import { isCompact, packSighting, SKETCH_BYTES, sketchOf, unpackSighting } from './sketch.ts';

// Bytes of a cursor: a version; a hash of the filters (6); flags that say which of these there are: the
// settled position, the start, a sketch, coded runs. Then for each run that is known besides, its id and what
// was seen of it (5). Last, a checksum (6).

const VERSION = 4;
const HAS_SETTLED = 1;
const HAS_START = 2;
const HAS_SKETCH = 4;
const HAS_CODED = 8;
/** Runs that seldom change and are named; of more than that a sketch is shorter. */
const MAX_NAMED = 32;
/** Cursors with more runs are not accepted; none are written. */
const MAX_KNOWN = 2_000;
/** Characters: so many runs, with the longest ids. */
const MAX_LENGTH = 256 * 1024;
const CHECKSUM_BYTES = 6;

/** What was encoded goes with what was seen, which many readers share, as they do its list. */
const cursors = new WeakMap<Seen, { readonly filterKey: string; readonly cursor: string }>();

/**
 * Encodes what was seen of the list with certain filters: URL-safe and opaque. Garbled cursors are
 * detected; it is no signature, and tells its holder nothing but what the holder was told.
 */
export function encodeSeen(seen: Seen, filterKey: string): string {
  const encoded = cursors.get(seen);
  if (encoded?.filterKey === filterKey) return encoded.cursor;
  const cursor = encode(seen, filterKey);
  cursors.set(seen, { filterKey, cursor });
  return cursor;
}

function encode({ start, settled, known, slow, sketch, coded }: Seen, filterKey: string): string {
  const isSketched = sketch === undefined && slow.size > MAX_NAMED;
  const sketched = isSketched ? sketchOf(slow) : sketch;
  const named = new Map(isSketched ? [...slow].filter(([id]) => !isCompact(id)) : slow);
  const active = new Map([...known].filter(([id, { isLate }]) => !isLate && isCompact(id)));
  const packed = coded ?? codeRuns(active);
  for (const [id, sighting] of known) if (coded || !packed || !active.has(id)) named.set(id, sighting);
  const writer = new CursorWriter(96 + SKETCH_BYTES + known.size * 24);
  writer.number(VERSION, 1);
  writer.number(hash48(filterKey), 6);
  writer.number(
    (settled === null ? 0 : HAS_SETTLED) +
      (start === null ? 0 : HAS_START) +
      (sketched === undefined ? 0 : HAS_SKETCH) +
      (packed === undefined ? 0 : HAS_CODED),
    1,
  );
  if (settled !== null) writer.position(settled);
  if (start !== null) writer.position(start);
  if (sketched !== undefined) writer.bytes(sketched);
  if (packed !== undefined) writeCodedRuns(writer, packed);
  for (const [id, sighting] of named) {
    writer.id(id);
    writer.number(packSighting(sighting), 5);
  }
  writer.number(checksum(writer.written), CHECKSUM_BYTES);
  return writer.written.toString('base64url');
}

/** Why a text is no cursor for a list. */
export type CursorProblem = 'malformed' | 'other filters' | 'other version';

/** Decodes a cursor of the list with these filters. */
export function decodeSeen(text: string, filterKey: string): Seen | CursorProblem {
  if (text.length > MAX_LENGTH) return 'malformed';
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== text || bytes.length < 8 + CHECKSUM_BYTES) return 'malformed';
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  if (bytes.readUIntBE(content.length, CHECKSUM_BYTES) !== checksum(content)) return 'malformed';
  const reader = new CursorReader(content);
  try {
    if (reader.number(1) !== VERSION) return 'other version';
    if (reader.number(6) !== hash48(filterKey)) return 'other filters';
    const flags = reader.number(1);
    const has = (flag: number): boolean => Math.floor(flags / flag) % 2 === 1;
    const settled = has(HAS_SETTLED) ? reader.position() : null;
    const start = has(HAS_START) ? reader.position() : null;
    const sketch = has(HAS_SKETCH) ? Uint8Array.from(reader.bytes(SKETCH_BYTES)) : undefined;
    const coded = has(HAS_CODED) ? readCodedRuns(reader) : undefined;
    const maxNamed = MAX_KNOWN - (coded?.byKey.size ?? 0);
    const known = new Map<string, Sighting>();
    while (!reader.isAtEnd && known.size <= maxNamed) {
      known.set(reader.id(), unpackSighting(reader.number(5)));
    }
    if (known.size > maxNamed) return 'malformed';
    return { start, settled, known, slow: new Map(), sketch, coded };
  } catch (error) {
    if (error instanceof RangeError) return 'malformed';
    throw error;
  }
}

function checksum(bytes: Buffer): number {
  return hash48(bytes.toString('latin1'));
}
