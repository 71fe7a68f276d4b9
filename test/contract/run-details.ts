import type { WireItem, WireStep } from '../support/run-details.ts';
import type { WireRun } from '../support/run-fields.ts';
import type { Observed } from './observe.ts';
import { PROFILES } from './target.ts';

/** A run with what happened in it, oldest first. */
export interface RunDetails {
  readonly run: WireRun;
  readonly steps: readonly WireStep[];
  readonly items: readonly WireItem[];
}

/** More than nearly all lists have; longer ones are left out. */
export function many({ target }: Pick<Observed, 'target'>): number {
  return PROFILES[target.profile].manyDetails;
}

/** How many runs are asked for their steps, and how many with steps are enough. */
const MAX_ASKED = 200;
const ENOUGH = 25;
/** How many runs are read at once. */
const AT_ONCE = 8;

/** For what takes hundreds of requests, in milliseconds. */
export const OBSERVING_TIMEOUT_MS = 120_000;

/** Reads the steps and messages of some runs with steps, from all over the newest and the oldest runs. */
export async function observeDetails(observed: Observed): Promise<readonly RunDetails[]> {
  const found: RunDetails[] = [];
  const runs = candidates(observed);
  for (let at = 0; at < runs.length && found.length < ENOUGH; at += AT_ONCE) {
    const read = await Promise.all(runs.slice(at, at + AT_ONCE).map((run) => readDetails(observed, run)));
    found.push(...read.filter((one) => isWhole(one, many(observed))));
  }
  return found;
}

/** Stored messages that give no items count towards the limit as well. */
function isWhole({ steps, items }: RunDetails, limit: number): boolean {
  const messages = new Set(items.map(({ id }) => id));
  return steps.length > 0 && steps.length < limit && messages.size < limit / 2;
}

async function readDetails(observed: Observed, run: WireRun): Promise<RunDetails> {
  const all = `order=asc&limit=${many(observed)}`;
  const steps = await listOrNone<WireStep>(observed, `/v1/runs/${run.id}/steps?${all}`);
  if (steps.length === 0) return { run, steps, items: [] };
  return { run, steps, items: await listOrNone<WireItem>(observed, `/v1/runs/${run.id}/messages?${all}`) };
}

async function listOrNone<Row>({ client }: Observed, path: string): Promise<readonly Row[]> {
  const { status, body } = await client.ask(path);
  if (status === 200 && Array.isArray(body)) return body;
  // One row that can't be sent fails the whole list.
  if (status === 400 || status === 500) return [];
  throw new Error(`expected a list for ${path}, but got: ${status} ${JSON.stringify(body)}`);
}

function candidates({ heads }: Observed): readonly WireRun[] {
  const rows = [...new Map([...heads.asc.rows, ...heads.desc.rows].map((row) => [row.id, row])).values()];
  const stride = Math.max(1, Math.floor(rows.length / MAX_ASKED));
  const spread = rows.filter((_, at) => at % stride === 0).slice(0, MAX_ASKED);
  return [...new Set([...someRuns(heads.desc.rows), ...spread])];
}

/** Some runs from all over the list, of every status. */
export function someRuns(rows: readonly WireRun[]): WireRun[] {
  const kinds = rows.map((row) => rows.find((other) => other.status === row.status) ?? row);
  const spread = [0, 0.25, 0.5, 0.75, 1].flatMap(
    (part) => rows.at(Math.ceil(part * (rows.length - 1))) ?? [],
  );
  // Letta asks another service about runs that are marked so, and the answer may be another status.
  return [...new Set([...spread, ...kinds])].filter(
    ({ id, metadata }) => id.startsWith('run-') && !metadata?.['lettuce'],
  );
}

/** For `context.skip`: whether no run here has steps, and that sentence. */
export function noDetails(details: readonly RunDetails[]): [boolean, string] {
  return [details.length === 0, 'no run that was asked has steps'];
}
