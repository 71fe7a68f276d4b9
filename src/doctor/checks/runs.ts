import { VanishedPositionError } from '../../lists/list-errors.ts';
import type { Order } from '../../lists/position.ts';
import { readRange } from '../../lists/ranges/read-range.ts';
import { instantOf } from '../../runs/instants.ts';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import type { ExaminedUpstream } from '../examined-upstream.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/** Whether cursors and pages of the list of runs work, and whether its rows have the expected form. */
export async function checkRuns(upstream: ExaminedUpstream): Promise<readonly Finding[]> {
  const { learned, now } = upstream;
  const since = now();
  const rows = await rowsAfter(upstream, null, MAX_LIST_ROWS);
  const milliseconds = now() - since;
  const [first, second] = rows;
  if (first === undefined || second === undefined)
    return [ok('too few runs to detect cursors and page sizes')];
  const findings = [await checkCursors(upstream, first, second)];
  const last = rows.at(-1) ?? null;
  if (rows.length < MAX_LIST_ROWS && (await rowsAfter(upstream, last, 1)).length > 0) {
    const text = `of ${MAX_LIST_ROWS} requested rows only ${rows.length} arrive, though there are more`;
    findings.push(problem(text, 'Lists end too early: look for a proxy that changes `limit`.'));
  } else findings.push(ok(`pages of ${learned.pageSize}; ${rows.length} runs in ${milliseconds} ms`));
  findings.push(...(await checkUnended(upstream)));
  if (learned.drift.size > 0) {
    const advice =
      'They are served anyway: new values as UNRECOGNIZED, missing fields as null, new fields not at all.';
    findings.push(warning(`unknown to this gateway: ${[...learned.drift].join('; ')}`, advice));
  }
  return findings;
}

async function checkCursors(upstream: ExaminedUpstream, first: Run, second: Run): Promise<Finding> {
  const [following] = await rowsAfter(upstream, first, 2);
  const { dialect } = upstream.learned;
  if (following?.id !== second.id) {
    return problem(
      "cursors don't work: neither `before` nor `after` returns the runs that follow a run",
      'Nothing after the first page can be served. Look for a proxy that changes or drops one of them, or caches.',
    );
  }
  const { upstreamDialect: configured } = upstream.options;
  if (configured === 'auto' || configured === dialect) return ok(`cursors ${dialect}`);
  const text = `cursors are ${dialect}, but UPSTREAM_DIALECT says ${configured}`;
  return problem(text, `Set UPSTREAM_DIALECT to auto, or to ${dialect}.`);
}

const DAY_MS = 86_400_000;
const MAX_UNENDED = 10_000;

/** Whether the list has runs that never end, which would count as active for ever. */
async function checkUnended(upstream: ExaminedUpstream): Promise<readonly Finding[]> {
  const since = instantOf(new Date(upstream.now() - DAY_MS).toISOString()) ?? '';
  const active = await rowsAfter(upstream, null, MAX_UNENDED, { active: true }, 'asc');
  const { length } = active.filter(({ createdInstant }) => createdInstant < since);
  if (length === 0) return [];
  const count = `${length === MAX_UNENDED ? 'at least ' : ''}${length.toLocaleString('en')}`;
  const text = `${count} ${length === 1 ? 'run was' : 'runs were'} created more than a day ago and never ended`;
  const advice =
    'They count as active, but are not under way. Letta leaves those so that are sent to a conversation without streaming, and those of a server that was stopped. The first query of https://github.com/runs-gateway/runs-gateway/blob/main/docs/cookbook.md#which-runs-never-ended finds them.';
  return [warning(text, advice)];
}

/** Returns the runs that follow a run, or the first runs of the list; none if cursors don't work. */
async function rowsAfter(
  upstream: ExaminedUpstream,
  run: Run | null,
  limit: number,
  filter: RunFilter = {},
  order: Order = 'desc',
): Promise<readonly Run[]> {
  const after = run === null ? null : positionOf(run);
  try {
    return [...(await readRange({ filter, order, after, limit }, upstream.runs()))];
  } catch (error) {
    if (error instanceof VanishedPositionError) return [];
    throw error;
  }
}
