import { randomUUID } from 'node:crypto';
import { pathOf } from '../../lists/list.ts';
import { RUN_LIST } from '../../runs/list.ts';
import { type ExaminedUpstream, jsonOf, NEWEST, type TimedAnswer } from '../examined-upstream.ts';
import { explain } from '../explain.ts';
import { type Finding, note, ok, problem } from '../finding.ts';

const LIST = pathOf(RUN_LIST, NEWEST);

/** Whether the upstream lets the gateway read runs. */
export async function credentials(upstream: ExaminedUpstream): Promise<Finding> {
  const answer = await upstream.top(false);
  const hasKey = Object.keys(upstream.options.credentials).length > 0;
  if (answer.status === 200) return ok(hasKey ? 'the key is accepted' : 'none are needed', { hasKey });
  const { status } = await upstream.top(true);
  // A key may be worth nothing without its project.
  if (status === 200) return ok('accepted with the project', { hasKey });
  if (status !== answer.status) return note(`undecided: ${answer.status} without the project`);
  const explained = explain(upstream.failure(LIST, answer));
  if (status !== 401) return explained;
  if (hasKey) return { ...explained, text: 'the key is refused (401)' };
  const advice = 'Set LETTA_API_KEY, unless all callers send an Authorization of their own.';
  return { ...explained, text: 'a key is needed (401), and none is set', advice };
}

/** Whether the project that is configured selects anything. */
export async function project(upstream: ExaminedUpstream): Promise<Finding> {
  const { project: own, credentials: sent } = upstream.options;
  const names = Object.keys(own);
  if (names.length === 0) return ok('none is set');
  const chosen = Object.values(own).join(', ');
  const answer = await upstream.top(true);
  if (answer.status !== 200) {
    const { message } = upstream.failure(LIST, answer);
    return problem(`the project ${chosen} is refused: ${message}`, CORRECT);
  }
  const all = await upstream.top(false);
  if (all.status !== 200) return ok(`${chosen} is needed, and accepted`);
  const runs = idsOf(answer);
  const isSame = runs === idsOf(all);
  if (!isSame && runs !== '') return ok(`${chosen} selects runs of its own`);
  // What a project selects says little, if one that can't exist selects the same.
  const other = Object.fromEntries(names.map((name) => [name, randomUUID()]));
  const others = await upstream.answer(LIST, { ...sent, ...other });
  const isKnown = others.status !== 200 || idsOf(others) !== runs;
  if (isSame) {
    return isKnown || runs === ''
      ? ok(`${chosen} is what is read without it, too`)
      : note(`${chosen} selects nothing: the server ignores projects, as Letta 0.16.7 does`);
  }
  return isKnown
    ? note(`${chosen} has no runs yet`)
    : problem(
        `${chosen} has no runs, like any project that is unknown, while there are some without it`,
        CORRECT,
      );
}

const CORRECT =
  'Correct LETTA_PROJECT or LETTA_PROJECT_ID, or leave them out. A project that is new may be empty.';

/** The ids in a list, as one text; empty if it has none or is something else. */
function idsOf(answer: TimedAnswer): string {
  const json = jsonOf(answer);
  return Array.isArray(json) ? json.map((row: unknown) => String(Object(row).id)).join() : '';
}
