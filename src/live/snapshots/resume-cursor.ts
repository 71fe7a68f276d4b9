import { comparePositions, type Position } from '../../lists/position.ts';
import { digestOfText } from '../digests.ts';
import { MAX_NAMED } from '../limits.ts';
import {
  compareBounds,
  digestOfAll,
  type Fingerprint,
  LIST_END,
  type Resume,
  type Snapshot,
} from './snapshot.ts';

/**
 * The hex digits of a cursor: the version, digests of the filters and of the runs that are not named, the length of
 * three positions in bytes, these positions (the watermark, the newest run that is not named, `watchedFrom`), a record
 * of each named run, and a checksum.
 */
const CURSOR = /^((..)(.{12})(.{12})(..)(.*))(.{12})$/;
const VERSION = '08';
/** Of each run the UUID, the digest, and flags: 2 if it is late, 1 if it is shown. */
const RECORD = /(.{8})(.{4})(.{4})(.{4})(.{12})(.{8})(..)/g;
const RECORD_DIGITS = 2 * (16 + 4 + 1);
/** Characters; longer texts are refused unread. */
const MAX_LENGTH = 8192;
const UUID_RUN = /^run-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const POSITION = '(\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6} [\\w-]+)?';
const POSITIONS = new RegExp(`^${POSITION},${POSITION},${POSITION}$`);

/** The cursor of each snapshot in use: many readers share a snapshot, and so its cursor. */
const cursors = new WeakMap<Snapshot, string>();

/**
 * Encodes a snapshot of a list as a cursor, URL-safe and opaque. The checksum detects garbled cursors; it is no signature:
 * a cursor gives its holder nothing but what the holder has received.
 */
export function encodeSnapshot(snapshot: Snapshot, listKey: string): string {
  const encoded = cursors.get(snapshot) ?? encode(snapshot, listKey);
  cursors.set(snapshot, encoded);
  return encoded;
}

function encode(snapshot: Snapshot, listKey: string): string {
  const { named, others } = chooseNamed(snapshot);
  const newest = others.findLast(([, { position }]) => position !== LIST_END)?.[1].position ?? null;
  const texts = [snapshot.watermark, newest, snapshot.watchedFrom].map(
    (each) => each && `${each.key} ${each.id}`,
  );
  const positions = Buffer.from(texts.join());
  const records = named.map(([id, { digest, isShown, isLate }]) => {
    return id.slice(4).replaceAll('-', '') + digest + `0${2 * Number(isLate) + Number(isShown)}`;
  });
  const digests = digestOfText(listKey, 12) + digestOfAll(others);
  const length = positions.length.toString(16).padStart(2, '0');
  const content = VERSION + digests + length + positions.toString('hex') + records.join('');
  return Buffer.from(content + digestOfText(content, 12), 'hex').toString('base64url');
}

type Entry = readonly [id: string, fingerprint: Fingerprint];

/**
 * Chooses the runs that a cursor names, and the others, of which it has a digest. Runs after the watermark are named first,
 * as they would come again, and late runs, as no poll reads them; then runs that an earlier cursor named and that were not
 * read since, then the newest active ones.
 *
 * A digest matches only active runs that are as they were: without room for all late runs, the cursor is too old.
 */
function chooseNamed({ watermark, watchedFrom, fingerprints }: Snapshot) {
  const rankOf = ({ position, isLate }: Fingerprint): number =>
    isLate || (position !== LIST_END && compareBounds(position, watermark) > 0)
      ? 2
      : Number(position === LIST_END);
  const all = [...fingerprints].toSorted(
    ([, a], [, b]) => rankOf(a) - rankOf(b) || comparePositions(a.position, b.position),
  );
  const named = all.filter(([id]) => UUID_RUN.test(id)).slice(-MAX_NAMED);
  const ids = new Set(named.map(([id]) => id));
  const others = all.filter(
    ([id, { isLate, position }]) => !ids.has(id) && (isLate || compareBounds(position, watchedFrom) >= 0),
  );
  return { named, others };
}

/** Why a text is no cursor for a list. */
export type CursorProblem = 'malformed' | 'other filters' | 'other version';

/** Decodes a cursor of the list with this key, or returns why it is none. */
export function decodeResume(after: string, listKey: string): Resume | CursorProblem {
  const bytes = Buffer.from(after.slice(0, MAX_LENGTH), 'base64url');
  // Node skips characters that are not base64url: only the canonical form is accepted.
  if (bytes.toString('base64url') !== after) return 'malformed';
  const parts = CURSOR.exec(bytes.toString('hex')) ?? [];
  const [, content = '', version, filters, digest = '', length = '', rest = '', checksum] = parts;
  if (checksum !== digestOfText(content, 12)) return 'malformed';
  if (version !== VERSION) return 'other version';
  if (filters !== digestOfText(listKey, 12)) return 'other filters';
  const end = 2 * parseInt(length, 16);
  const positions = POSITIONS.exec(Buffer.from(rest.slice(0, end), 'hex').toString());
  const records = rest.slice(end);
  const isWhole = records.length % RECORD_DIGITS === 0 && records.length <= MAX_NAMED * RECORD_DIGITS;
  if (positions === null || !isWhole) return 'malformed';
  const [watermark = null, newest = null, watchedFrom = null] = positions.slice(1).map(positionIn);
  const named = new Map(records.matchAll(RECORD).map(entryIn));
  return { after, watermark, watchedFrom, named, unnamed: { newest, digest } };
}

function positionIn(text: string | undefined): Position | null {
  const [key, id] = text?.split(' ') ?? [];
  return key === undefined || id === undefined ? null : { key, id };
}

function entryIn([, ...parts]: RegExpMatchArray): Entry {
  const [digest = '', flagDigits = ''] = parts.slice(5);
  const flags = parseInt(flagDigits, 16);
  const id = `run-${parts.slice(0, 5).join('-')}`;
  return [id, { digest, isShown: flags % 2 === 1, isLate: flags >= 2, position: LIST_END }];
}
