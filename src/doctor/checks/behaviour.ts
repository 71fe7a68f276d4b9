import { UpstreamError } from '../../errors/upstream-error.ts';
import { pathOf } from '../../lists/list.ts';
import { checkPage } from '../../lists/ranges/check-page.ts';
import { createPageSizes } from '../../lists/ranges/page-sizes.ts';
import { hasEnded } from '../../runs/has-ended.ts';
import { LIST_PAGES } from '../../runs/limits.ts';
import { RUN_LIST } from '../../runs/list.ts';
import type { RunRangeQuery } from '../../runs/source.ts';
import { GATEWAY_ITSELF } from '../../upstream/credentials.ts';
import { createInternalRunsMemory } from '../../upstream/letta/internal-runs.ts';
import { readIdentified } from '../../upstream/letta/read-answers.ts';
import { understandsRepeatedKeys } from '../../upstream/letta/repeated-keys.ts';
import { internalListPath, retrievePath } from '../../upstream/letta/runs-url.ts';
import { seekRun, type SoughtUpstream } from '../../upstream/letta/seek-run.ts';
import { decodeMetrics } from '../../wire/decode-details.ts';
import { decodeRun } from '../../wire/decode-run.ts';
import { decoded } from '../../wire/json-fields.ts';
import { type ExaminedUpstream, NEWEST } from '../examined-upstream.ts';
import { type FactsOf, type Finding, note, ok, problem } from '../finding.ts';

const NO_RUNS = note('undecided: there are no runs to ask about');

/** Whether several agents or statuses can be asked for at once. */
export async function repeatedKeys(upstream: ExaminedUpstream): Promise<Finding> {
  const follow = async (query: RunRangeQuery) => {
    const list = await upstream.list(pathOf(RUN_LIST, query));
    return checkPage(list, query, RUN_LIST) === null ? list.rows : [];
  };
  const understood = await understandsRepeatedKeys(follow);
  if (understood === undefined) return NO_RUNS;
  if (understood) return ok('understood', { understood });
  return note(
    'not understood: several agents or statuses take one request each',
    'Look for a proxy that joins repeated parameters.',
    { understood },
  );
}

/** Whether a page is as long as it can be: the gateway takes a shorter one for the end of the list. */
export async function fullPages(upstream: ExaminedUpstream, factsOf: FactsOf): Promise<Finding> {
  const { cursors, pageSize } = factsOf('runs');
  const limit = Number(pageSize);
  const { rows } = await upstream.list(pathOf(RUN_LIST, { ...NEWEST, limit }));
  const { length } = rows;
  const last = rows.at(-1);
  const facts = { rows: length };
  if (length >= limit || last === undefined || cursors === 'undecided') return ok(`${length} rows`, facts);
  const behind = { [cursors === 'documented' ? 'after' : 'before']: last.id };
  const rest = await upstream.list(pathOf(RUN_LIST, { ...NEWEST, limit: 1, cursors: behind }));
  if (rest.rows.length === 0) return ok(`${length} rows, which are all there are`, facts);
  const text = `of ${limit} rows that are asked for, only ${length} come, though there are more`;
  return createPageSizes(LIST_PAGES.runs).doubtedSize(length) !== undefined
    ? note(text, 'The gateway notices, and asks for the rest.', facts)
    : problem(text, 'Lists end too early. Look for a proxy that changes `limit`.', facts);
}

const USELESS = {
  missing: 'missing',
  wrong: 'answers something else than asked',
  undecided: 'undecided',
};

/** Whether the internal list tells where runs of some time begin. */
export async function internalList(upstream: ExaminedUpstream): Promise<Finding> {
  const [newest] = (await upstream.newest()).rows;
  if (newest === undefined) return NO_RUNS;
  const memory = createInternalRunsMemory();
  const sought: SoughtUpstream = {
    listInternal: (parameters) => upstream.list(internalListPath(parameters)),
    async retrieve(id) {
      const json = await upstream.json(retrievePath(id)).catch(nullIfMissing);
      return json === null ? null : readIdentified(json, id, decodeRun);
    },
  };
  const query = { instant: newest.createdInstant, side: 'from' } as const;
  await (
    await seekRun(query, sought, memory, GATEWAY_ITSELF)
  )?.isThere;
  const state = memory.known ?? 'undecided';
  const facts = { state };
  if (state === 'available') return ok('there: windows of time start at once', facts);
  return note(`${USELESS[state]}: windows of time are found by reading the list`, undefined, facts);
}

/** Runs of which the durations are compared. */
const MAX_RUNS = 3;

/** Whether lists show the durations that runs have. */
export async function durations(upstream: ExaminedUpstream): Promise<Finding> {
  const ended = (await upstream.newest()).rows.filter(hasEnded);
  let compared = 0;
  for (const { id, totalDurationNs } of ended.slice(0, MAX_RUNS)) {
    const metrics: unknown = await upstream.json(`${retrievePath(id)}/metrics`).catch(nullIfMissing);
    const durationNs = metrics === null ? null : decoded(() => decodeMetrics(metrics)).durationNs;
    if (durationNs === null) continue;
    compared++;
    if (durationNs !== totalDurationNs) {
      return note(
        "lists don't show those that were measured, so runs can't be found by them",
        'Use metrics { durationNs }, or update the server to Letta 0.14.0 or newer.',
        { inLists: false },
      );
    }
  }
  if (compared === 0) return note('undecided: none of the newest runs has a measured duration');
  return ok('lists show those that were measured', { inLists: true });
}

function nullIfMissing(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 404) return null;
  throw error;
}
