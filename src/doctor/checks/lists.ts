import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Dialect } from '../../lists/ranges/dialect.ts';
import { largestLimitOf } from '../../lists/ranges/page-sizes.ts';
import { hasEnded } from '../../runs/has-ended.ts';
import { retrievePath } from '../../upstream/letta/runs-url.ts';
import { type ExaminedUpstream, nameOf } from '../examined-upstream.ts';
import { explain } from '../explain.ts';
import { type Finding, note, ok, problem } from '../finding.ts';
import type { ListKind } from './list-kinds.ts';
import { driftOf, SERVED } from './rows.ts';

/** Runs whose parts are looked at until one has enough of them. */
const MAX_RUNS = 4;

/** What is wrong with cursors, and what a proxy may do to them. */
const BROKEN = {
  ignored: ['ignored', 'ignored: every page is the first one', 'drops `before` and `after`'],
  useless: [
    'of no use',
    'of no use: neither `before` nor `after` brings what follows a row',
    'changes or drops one of them',
  ],
} as const;

/** What the cursors of a list mean, and how large its pages may be. */
export async function examineList(list: ListKind, upstream: ExaminedUpstream): Promise<Finding> {
  if (!list.isSpare) return examined(list, upstream);
  const found = await examined(list, upstream).catch((error: unknown) => {
    if (error instanceof UpstreamError) return explain(error);
    throw error;
  });
  return found.level === 'problem' ? { ...found, level: 'note' } : found;
}

async function examined(list: ListKind, upstream: ExaminedUpstream): Promise<Finding> {
  const found = await findRows(list, upstream);
  if (found === undefined) return note('undecided: there is no run that has ended to ask about');
  const cursors = await cursorsOf(upstream, found);
  if (cursors === 'ignored' || cursors === 'useless') {
    const [brief, text, cause] = BROKEN[cursors];
    const advice = `Nothing after the first page can be served. Look for a proxy that ${cause}.`;
    return problem(`cursors are ${text}`, advice, { cursors }, `cursors ${brief}`);
  }
  const pageSize = await pageSizeOf(upstream, list, found, cursors);
  const brief = `cursors ${cursors}`;
  const facts = { cursors, pageSize };
  const { forcedDialect: forced } = upstream.options;
  if (list.name === 'runs' && forced !== undefined && cursors !== 'undecided' && cursors !== forced) {
    const advice = `Set UPSTREAM_DIALECT to auto, or to ${cursors}.`;
    return problem(`cursors are ${cursors}, but UPSTREAM_DIALECT says ${forced}`, advice, facts, brief);
  }
  const why = cursors === 'undecided' ? `, with fewer than two ${list.name} to ask about` : '';
  const text = `${brief}${why}; pages of ${pageSize}`;
  const drift = driftOf(upstream, (report) => list.reportDrift?.(found.rows, report));
  if (drift !== undefined) return note(`${text}; ${drift}`, SERVED, facts, brief);
  return pageSize < list.pageSize
    ? note(`${text}, since more are refused`, undefined, facts, brief)
    : ok(text, facts, brief);
}

/** Where a list is, and the ids of its first rows, each once. */
interface Found {
  readonly path: string;
  readonly rows: readonly unknown[];
  readonly ids: readonly string[];
}

/** Finds a list with enough rows; undefined if there is none at all. */
async function findRows(list: ListKind, upstream: ExaminedUpstream): Promise<Found | undefined> {
  if (!list.isOfRun) return readRows(upstream, list.path);
  const { rows } = await upstream.newest();
  let found: Found | undefined;
  for (const { id } of rows.filter(hasEnded).slice(0, MAX_RUNS)) {
    found = await readRows(upstream, `${retrievePath(id)}${list.path}`);
    if (found.ids.length > 1) break;
  }
  return found;
}

/** Rows of a page by which cursors are found out. */
const FEW = 5;

async function readRows(upstream: ExaminedUpstream, path: string): Promise<Found> {
  const json = await upstream.json(`${path}&limit=${FEW}`);
  if (!Array.isArray(json)) {
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `${nameOf(path)} did not answer with a list`);
  }
  return { path, rows: json, ids: [...new Set(json.map((row: unknown) => String(Object(row).id)))] };
}

type Cursors = Dialect | 'ignored' | 'useless' | 'undecided';

/**
 * Asks what either cursor selects for the first row: the one that brings the second row without the
 * first selects what follows.
 */
async function cursorsOf(upstream: ExaminedUpstream, { path, ids }: Found): Promise<Cursors> {
  const [first, second] = ids;
  if (first === undefined || second === undefined) return 'undecided';
  const idsFor = async (parameter: string): Promise<readonly string[]> =>
    (await readRows(upstream, `${path}&${parameter}=${encodeURIComponent(first)}`)).ids;
  const [before, after] = await Promise.all([idsFor('before'), idsFor('after')]);
  const follows = (page: readonly string[]): boolean => page.includes(second) && !page.includes(first);
  if (follows(before) !== follows(after)) return follows(after) ? 'documented' : 'reversed';
  return before.includes(first) && after.includes(first) ? 'ignored' : 'useless';
}

/** Returns how many rows can be asked for at once. Asks for what precedes the first row, so that few come. */
async function pageSizeOf(
  upstream: ExaminedUpstream,
  { pageSize }: ListKind,
  { path, ids: [first] }: Found,
  cursors: Cursors,
): Promise<number> {
  const preceding = cursors === 'documented' ? 'before' : 'after';
  const cursor = first === undefined ? '' : `&${preceding}=${encodeURIComponent(first)}`;
  const answer = await upstream.answer(`${path}&limit=${pageSize}${cursor}`);
  if (answer.status === 200) return pageSize;
  const refused = upstream.failure(path, answer);
  const cap = largestLimitOf(refused);
  if (cap === undefined) throw refused;
  return cap;
}
