import { runId } from './ids.ts';
import type { Answering, UpstreamAnswer } from './scripted-upstream.ts';

/** Answers by path without its query: text as it is, what has a `status` as an answer, anything else as JSON. */
export type Answers = Readonly<Record<string, unknown>>;

/** The first of the runs of {@link answersOfRuns}. */
export const RUN = runId(0);

const pad = (number: number): string => String(number).padStart(2, '0');
const run = (number: number) => ({
  id: runId(number),
  agent_id: 'agent-1',
  status: 'completed',
  created_at: `2026-01-01T00:${pad(59 - Math.floor(number / 60))}:${pad(59 - (number % 60))}Z`,
});

/**
 * Answers for a list of runs, for each of them, and with what is given of them, such as their steps; by default 404.
 * @param count newest first, with the least that they must have
 */
export function answersOfRuns(count: number, others: Answers = {}): Answering {
  const runs = Array.from({ length: count }, (_, number) => run(number));
  const byPath = new Map<string, unknown>(runs.map((each) => [`/v1/runs/${each.id}`, each]));
  for (const [path, answer] of Object.entries(others)) byPath.set(path, answer);
  return ({ path, query }): UpstreamAnswer => {
    if (path === '/v1/runs/') return { body: runs.slice(0, Number(query.get('limit'))) };
    const found = byPath.get(path);
    if (found === undefined) return { status: 404, body: { detail: 'secret words' } };
    return isAnswer(found) ? found : { body: found };
  };
}

function isAnswer(found: unknown): found is Exclude<UpstreamAnswer, Error> {
  return typeof found === 'object' && found !== null && 'status' in found && 'body' in found;
}
