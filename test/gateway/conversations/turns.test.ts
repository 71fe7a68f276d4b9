import { describe, expect } from 'vitest';
import { continuedRun } from '../../../src/loaders/continued-runs.ts';
import type { Run } from '../../../src/runs/run.ts';
import { stopClock } from '../../support/clock.ts';
import { it, openPauses, type OpenPauses, PLACES } from '../approvals/pauses.ts';

/** Asks for a conversation by its run. */
const placeOf = async ({ dataOf }: OpenPauses, id: string, fields: string) => {
  const query = `{ run(id: "${id}") { conversation { ${fields} } } }`;
  return (await dataOf<{ run: { conversation: unknown } }>(query)).run.conversation;
};
const turnOf = async ({ dataOf }: OpenPauses, id: string) => {
  const query = `{ run(id: "${id}") { turn { isComplete runs { id } } } }`;
  const { turn } = (await dataOf<{ run: { turn: Turn } }>(query)).run;
  return { ...turn, runs: turn.runs.map((run) => run.id) };
};
interface Turn {
  readonly isComplete: boolean;
  readonly runs: readonly { readonly id: string }[];
}
/** Makes a turn of some runs by an agent that asks again after each answer. */
const makeTurn = async (test: OpenPauses, size: number) => {
  const runs = [test.pause({ agent: await test.makeAgent('memgpt_v2_agent') })];
  while (runs.length < size) runs.push(test.decide(runs.at(-1) ?? '', false));
  return runs;
};

describe.each(PLACES)('Run.turn and Conversation.pendingApproval in %s', (_name, isOther) => {
  const begin = async () => {
    const test = await openPauses();
    return { ...test, place: await test.placeIn(isOther) };
  };

  it('show the run that waits, until it has an answer', async () => {
    const clock = stopClock();
    await using test = await begin();
    const id = test.pause(test.place);
    const pending = () => placeOf(test, id, 'pendingApproval { id }');
    expect(await pending()).toEqual({ pendingApproval: { id } });
    test.decide(id, true);
    await clock.pass(2000);
    expect(await pending()).toEqual({ pendingApproval: null });
  });

  it('prove a turn by its answers, the same for each of its runs', async () => {
    await using test = await begin();
    const alone = test.say('hello', test.place);
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    const other = test.pause(test.place);
    expect(await turnOf(test, alone)).toEqual({ runs: [alone], isComplete: true });
    for (const id of [first, second])
      expect(await turnOf(test, id)).toEqual({ runs: [first, second], isComplete: true });
    expect(await turnOf(test, other)).toEqual({ runs: [other], isComplete: true });
    const runs = await makeTurn(test, 4);
    for (const id of runs) expect(await turnOf(test, id)).toEqual({ runs, isComplete: true });
  });

  it('show runs with the durations that they have alone', async () => {
    await using test = await begin();
    const [first = '', second = ''] = await makeTurn(test, 2);
    // What a list has is not always what the run itself has.
    for (const id of [first, second]) test.store.update(id, { total_duration_ns: 5, run_ns: 9 });
    const data = await test.dataOf(
      `{ run(id: "${first}") { totalDurationNs turn { runs { totalDurationNs } } } }`,
    );
    const each = { totalDurationNs: 9 };
    expect(data).toEqual({ run: { ...each, turn: { runs: [each, each] } } });
  });

  it('take the first of two answers that came at the same time', async () => {
    await using test = await begin();
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    const late = test.say('hello', test.place);
    const { messages } = test.store;
    const answer = messages.of(second).find(({ items }) => items.some((item) => 'approvals' in item))!;
    for (const stored of messages.of(late).map((each) => each.id)) messages.delete(stored);
    const id = answer.id.replace(/.{4}$/, 'late');
    messages.insert([{ ...answer, id, run_id: late, items: answer.items.map((item) => ({ ...item, id })) }]);
    expect(await turnOf(test, late)).toEqual({ runs: [late], isComplete: false });
    expect(await turnOf(test, second)).toEqual({ runs: [first, second], isComplete: true });
  });

  it('are not complete if a run hides what it answered, or its request', async () => {
    await using test = await begin();
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    test.store.update(second, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await turnOf(test, second)).toEqual({ runs: [second], isComplete: false });
    expect(await turnOf(test, first)).toEqual({ runs: [first, second], isComplete: true });
    test.store.update(first, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await turnOf(test, first)).toEqual({ runs: [first], isComplete: false });
  });
});

it('Run.turn has at most fifty runs, those next to the run', async ({ test }) => {
  const runs = await makeTurn(test, 52);
  expect(await turnOf(test, runs[0]!)).toEqual({ runs: runs.slice(0, 50), isComplete: false });
  expect(await turnOf(test, runs[51]!)).toEqual({ runs: runs.slice(2), isComplete: false });
  expect(await turnOf(test, runs[49]!)).toEqual({ runs: runs.slice(0, 50), isComplete: false });
});

it('Run.turn of all runs of a turn takes no request twice', async ({ test }) => {
  await makeTurn(test, 6);
  await test.execute('{ runs(first: 6) { nodes { turn { runs { turn { runs { id } } } } } } }');
  expect(test.upstream.urls.length).toBeGreaterThan(6);
  expect(new Set(test.upstream.urls).size).toBe(test.upstream.urls.length);
  test.upstream.requests.length = 0;
  // Runs of the list are not looked up.
  await test.dataOf('{ runs(first: 6) { nodes { continues { id } approval { answeredBy { id } } } } }');
  expect(test.upstream.urls.filter((url) => /^\/v1\/runs\/[^/?]+$/.test(url))).toEqual([]);
});

it('Run.turn of as many runs as are assumed costs no less than its requests', async ({ test }) => {
  const runs = await makeTurn(test, 5);
  const query = `{ run(id: "${runs[2]}") { turn { runs { id } } } }`;
  const answer = await test.execute(query, {}, { 'graphql-cost-debug': '1' });
  // A request costs 2.
  expect(Reflect.get(answer, 'extensions')?.cost.estimated).toBeGreaterThan(2 * test.upstream.urls.length);
});

it('Conversation.pendingApproval of a fork does not show the run of its original', async () => {
  await using test = await openPauses();
  const [original, fork] = [await test.makeConversation(), await test.makeConversation()];
  const id = test.pause({ conversation: original });
  // It has a copy of the request.
  test.upstream.script = ({ path }, next) =>
    next({ path: path.replace(`${fork}/messages`, `${original}/messages`) });
  const waiting = (conversation: string) =>
    test.dataOf(`{ node(id: "${conversation}") { ... on AgentConversation { pendingApproval { id } } } }`);
  expect(await waiting(original)).toEqual({ node: { pendingApproval: { id } } });
  expect(await waiting(fork)).toEqual({ node: { pendingApproval: null } });
});

it('Run.turn stays in its own conversation after a fork', async () => {
  const [first, answer, forked] = [{ conversationId: 'a' }, { conversationId: 'a' }, { conversationId: 'b' }];
  const sources = { approvals: { continuedIdOf: async () => 'run-1' }, runById: { load: async () => first } };
  const continuedBy = (run: object) => continuedRun(run as Run, sources as never);
  expect([await continuedBy(answer), await continuedBy(forked)]).toEqual([first, undefined]);
});
