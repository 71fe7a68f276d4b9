import { codeRuns, readErasureCode, writeErasureCode } from './erasure-code.ts';
import { hash48 } from './hash48.ts';
import { HexReader, isCompact, writeId, writeNumber, writePosition } from './hex.ts';
import {
  packFingerprint,
  readTable,
  TABLE_BYTES,
  tableOf,
  unpackFingerprint,
  writeTable,
} from './lookup-table.ts';
import type { Fingerprint, Snapshot } from './snapshot.ts';

// Bytes of a cursor: a version; a hash of the filters (6); flags that say which of these there are, from the
// lowest bit on: the watermark position, the start, a table, coded runs. Then for each run that is known besides, its id and what
// was seen of it (5). Last, a checksum (6).

const VERSION = 5;
/** Runs that seldom change and are named; of more than that a table is shorter. */
const MAX_NAMED = 32;
/** Cursors with more runs are not accepted; none are written. */
const MAX_KNOWN = 2_000;
/** Characters: so many runs, with the longest ids. */
const MAX_LENGTH = 256 * 1024;
const CHECKSUM_BYTES = 6;

/** What was encoded goes with what was seen, which many readers share, as they do its list. */
const cursors = new WeakMap<Snapshot, { readonly filterKey: string; readonly cursor: string }>();

/**
 * Encodes what was seen of the list with certain filters: URL-safe and opaque. Garbled cursors are
 * detected; it is no signature, and gives its holder nothing but what the holder has received.
 */
export function encodeSnapshot(snapshot: Snapshot, filterKey: string): string {
  const encoded = cursors.get(snapshot);
  if (encoded?.filterKey === filterKey) return encoded.cursor;
  const cursor = encode(snapshot, filterKey);
  cursors.set(snapshot, { filterKey, cursor });
  return cursor;
}

function encode({ start, watermark, known, slow, table, coded }: Snapshot, filterKey: string): string {
  const isTabled = slow.size > MAX_NAMED;
  const slowTable = isTabled ? tableOf(slow) : table;
  const named = new Map(isTabled ? [...slow].filter(([id]) => !isCompact(id)) : slow);
  const active = new Map([...known].filter(([id, { isLate }]) => !isLate && isCompact(id)));
  const packed = coded ?? codeRuns(active);
  for (const [id, fingerprint] of known) if (coded || !packed || !active.has(id)) named.set(id, fingerprint);
  const parts = [
    watermark && writePosition(watermark),
    start && writePosition(start),
    slowTable && writeTable(slowTable),
    packed && writeErasureCode(packed),
  ];
  const flags = parts.reduce((sum, part, bit) => sum + (part ? 2 ** bit : 0), 0);
  const digits = [
    writeNumber(VERSION, 1),
    writeNumber(hash48(filterKey), 6),
    writeNumber(flags, 1),
    ...parts,
    ...Array.from(named, ([id, fingerprint]) => writeId(id) + writeNumber(packFingerprint(fingerprint), 5)),
  ].join('');
  const check = checksum(Buffer.from(digits, 'hex'));
  return Buffer.from(digits + writeNumber(check, CHECKSUM_BYTES), 'hex').toString('base64url');
}

/** Why a text is no cursor for a list. */
export type CursorProblem = 'malformed' | 'other filters' | 'other version';

/** Decodes a cursor of the list with these filters. */
export function decodeSnapshot(text: string, filterKey: string): Snapshot | CursorProblem {
  if (text.length > MAX_LENGTH) return 'malformed';
  const bytes = Buffer.from(text, 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== text || bytes.length < 8 + CHECKSUM_BYTES) return 'malformed';
  const content = bytes.subarray(0, -CHECKSUM_BYTES);
  if (bytes.readUIntBE(content.length, CHECKSUM_BYTES) !== checksum(content)) return 'malformed';
  const reader = new HexReader(content.toString('hex'));
  try {
    if (reader.number(1) !== VERSION) return 'other version';
    if (reader.number(6) !== hash48(filterKey)) return 'other filters';
    const flags = reader.number(1);
    const has = (bit: number): boolean => Math.floor(flags / 2 ** bit) % 2 === 1;
    const watermark = has(0) ? reader.position() : null;
    const start = has(1) ? reader.position() : null;
    const table = has(2) ? readTable(reader.digits(TABLE_BYTES)) : undefined;
    const coded = has(3) ? readErasureCode(reader) : undefined;
    const maxNamed = MAX_KNOWN - (coded?.byKey.size ?? 0);
    const known = new Map<string, Fingerprint>();
    while (!reader.isAtEnd && known.size <= maxNamed) {
      known.set(reader.id(), unpackFingerprint(reader.number(5)));
    }
    if (known.size > maxNamed) return 'malformed';
    return { start, watermark, known, slow: new Map(), table, coded };
  } catch (error) {
    if (error instanceof RangeError) return 'malformed';
    throw error;
  }
}

function checksum(bytes: Buffer): number {
  return hash48(bytes.toString('latin1'));
}
