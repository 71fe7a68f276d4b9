import type { Position } from '../../lists/position.ts';
import { hash48 } from '../hash48.ts';
import { type Fingerprint, type Resume, type Snapshot, WATCH_REASONS, withUnnamed } from './snapshot.ts';

// Bytes of a cursor: the version; a hash of the filters (6); the sum of the runs that are not named (6); the length of
// the watermark and its text; a record of each run that is named; a checksum (6). They are handled as hex digits.

const VERSION = 6;
/** Bytes before each part. */
const AT = { filters: 1, unnamed: 7, length: 13, watermark: 14 };
/** Of each run the UUID, the digest, and flags: twice the number of the reason, and whether it is shown. */
const RECORD = /([0-9a-f]{8})(.{4})(.{4})(.{4})(.{12})(.{8})(.{2})/g;
const RECORD_DIGITS = 2 * (16 + 4 + 1);
/** Runs that are named at most: a cursor of them leaves 2 KiB of a GET of 8 KiB for all else. */
export const MAX_NAMED = 200;
/** Characters: those of earlier versions could be so long. */
const MAX_LENGTH = 256 * 1024;
const UUID_RUN = /^run-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const POSITION = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}) ((?:run|job)-[\w-]{1,64})$/;

/** What was encoded goes with the snapshot, which many readers share, as they do its list. */
const cursors = new WeakMap<Snapshot, string>();

/**
 * Encodes what was received of the list with certain filters: URL-safe and opaque. Garbled cursors are
 * detected; it is no signature, and gives its holder nothing but what the holder has received.
 */
export function encodeSnapshot(snapshot: Snapshot, filterKey: string): string {
  const encoded = cursors.get(snapshot) ?? encode(snapshot, filterKey);
  cursors.set(snapshot, encoded);
  return encoded;
}

function encode({ watermark, known }: Snapshot, filterKey: string): string {
  const { named, unnamed } = chosen([...known]);
  const position = Buffer.from(watermark === null ? '' : `${watermark.key} ${watermark.id}`, 'latin1');
  const records = named.map(([id, { digest, isShown, reason }]) => {
    const flags = WATCH_REASONS.indexOf(reason) * 2 + Number(isShown);
    return id.slice(4).replaceAll('-', '') + hex(digest, 4) + hex(flags, 1);
  });
  const header = hex(VERSION, 1) + hex(hash48(filterKey), 6) + hex(unnamed, 6) + hex(position.length, 1);
  const digits = header + position.toString('hex') + records.join('');
  return Buffer.from(digits + hex(checksum(digits), 6), 'hex').toString('base64url');
}

type Entry = readonly [id: string, fingerprint: Fingerprint];

/** Chooses the runs to name: the newest of each reason. What is missed of a late one is at most its duration. */
function chosen(known: readonly Entry[]): { readonly named: readonly Entry[]; readonly unnamed: number } {
  const byReason = WATCH_REASONS.flatMap((reason) =>
    known.filter(([, each]) => each.reason === reason).toReversed(),
  );
  const named = byReason.filter(([id]) => UUID_RUN.test(id)).slice(0, MAX_NAMED);
  const ids = new Set(named.map(([id]) => id));
  const others = byReason.filter(([id, { reason }]) => !ids.has(id) && reason !== 'late');
  return { named, unnamed: others.reduce((sum, [id, each]) => withUnnamed(sum, id, each), 0) };
}

/** Why a text is no cursor for a list. */
export type CursorProblem = 'malformed' | 'other filters' | 'other version';

/** Decodes a cursor of the list with these filters. */
export function decodeResume(after: string, filterKey: string): Resume | CursorProblem {
  const bytes = Buffer.from(after.slice(0, MAX_LENGTH), 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== after) return 'malformed';
  const digits = bytes.toString('hex', 0, bytes.length - 6);
  const number = (at: number, size: number): number => parseInt(digits.slice(2 * at, 2 * (at + size)), 16);
  if (bytes.toString('hex', bytes.length - 6) !== hex(checksum(digits), 6)) return 'malformed';
  if (number(0, 1) !== VERSION) return 'other version';
  if (number(AT.filters, 6) !== hash48(filterKey)) return 'other filters';
  const start = AT.watermark + number(AT.length, 1);
  const watermark = positionIn(bytes.toString('latin1', AT.watermark, start));
  const records = digits.slice(2 * start);
  const isWhole = records.length % RECORD_DIGITS === 0 && records.length <= MAX_NAMED * RECORD_DIGITS;
  if (watermark === undefined || !isWhole) return 'malformed';
  const known = new Map(records.matchAll(RECORD).map(entryIn));
  return { after, watermark, known, unnamed: number(AT.unnamed, 6) };
}

function positionIn(text: string): Position | null | undefined {
  const [, key, id] = POSITION.exec(text) ?? [];
  if (key === undefined || id === undefined) return text === '' ? null : undefined;
  return Number.isNaN(Date.parse(`${key}Z`)) ? undefined : { key, id };
}

function entryIn([, ...parts]: RegExpMatchArray): Entry {
  const [digest = 0, flags = 0] = parts.slice(5).map((digits) => parseInt(digits, 16));
  const reason = WATCH_REASONS[Math.floor(flags / 2)] ?? 'recent';
  return [`run-${parts.slice(0, 5).join('-')}`, { digest, isShown: flags % 2 === 1, reason }];
}

function hex(value: number, bytes: number): string {
  return value.toString(16).padStart(2 * bytes, '0');
}

/** As in earlier versions, which tell by it that a cursor is whole. */
function checksum(digits: string): number {
  return hash48(Buffer.from(digits, 'hex').toString('latin1'));
}
