import { expect, test } from 'vitest';
import { DEFAULT_ACTOR } from '../../../embedded-api/model/actors.ts';
import { MESSAGE_TYPES } from '../../../embedded-api/model/enum-values.ts';
import type { StoredRun } from '../../../embedded-api/model/rows.ts';
import { microsOf } from '../../../embedded-api/model/timestamps.ts';
import { sampleDetails } from '../../../embedded-api/samples/details/run-details.ts';
import { insertSamples } from '../../../embedded-api/samples/sample-runs.ts';
import { scenarioOf } from '../../../embedded-api/samples/scenarios/index.ts';
import { startRunsApi } from '../../../embedded-api/server.ts';
import { openStore } from '../../../embedded-api/store/store.ts';

const { organizationId } = DEFAULT_ACTOR;
const OPTIONS = { count: 2000, seed: 1, now: new Date('2026-11-20T17:00:00Z') };

function sampleStore() {
  const store = openStore({ makeDetails: sampleDetails });
  insertSamples(store, OPTIONS);
  return store;
}

using rows = sampleStore();
const runs = rows.list({ organizationId, ascending: false, limit: 2000 });
const agents = rows.agents.all(organizationId);
const details = runs.map((row) => ({ run: { ...JSON.parse(row.json), ...row }, ...sampleDetails(row) }));

/** The types of messages that Letta 0.16.7 sends in no list. */
const NEVER_SENT = ['system_message', 'summary_message', 'event_message'];

function endOf({ completed_at }: Pick<StoredRun, 'completed_at'>): string {
  return completed_at === null ? '9999' : `${completed_at}Z`;
}

test('a run has as many steps as its metrics say, and some have more than 50', () => {
  for (const { run, steps } of details) {
    if (run.status === 'created') expect(steps).toHaveLength(0);
    else if (run.num_steps !== null && run.num_steps > 0n) expect(steps).toHaveLength(Number(run.num_steps));
    else expect(steps.length).toBeGreaterThan(0);
  }
  expect(details.filter(({ steps }) => steps.length > 50).length).toBeGreaterThan(5);
});

test('the last step stops for the reason of its run, and fails with the error that the run tells', () => {
  for (const { run, steps } of details) {
    const last = steps.at(-1);
    if (last === undefined) continue;
    expect(last.stop_reason).toBe(run.stop_reason);
    expect(last.status === 'failed').toBe(run.status === 'failed');
    expect(last.status === 'cancelled').toBe(run.status === 'cancelled');
    expect(last.status === 'pending').toBe(run.status === 'running');
    expect(steps.slice(0, -1).every(({ status }) => status === 'success')).toBe(true);
    const { message } = Object(last.error_data ?? {});
    const { error } = run.metadata ?? {};
    const known: unknown = error?.detail ?? error;
    if (run.status === 'failed' && known !== undefined) expect(message).toBe(known);
  }
});

test('steps and messages happen while their run does, one after the other', () => {
  for (const { run, steps, messages } of details) {
    for (const list of [steps, messages]) {
      const times = list.map(({ created_at }) => created_at);
      expect(times).toEqual(times.toSorted());
      expect(times.every((at) => at >= run.created_at && at <= endOf(run))).toBe(true);
    }
  }
});

test('each step that has ended was measured: model, then tools, one step after the other within the run', () => {
  let known = 0;
  for (const { run, steps, messages } of details) {
    const duration = Number(run.run_ns ?? run.total_duration_ns);
    let total = 0;
    let next = 0n;
    for (const step of steps as unknown as readonly MeasuredStep[]) {
      if (step.status === 'pending') {
        expect(step).not.toHaveProperty('step_ns');
        continue;
      }
      const { step_start_ns: start, llm_request_ns, tool_execution_ns, step_ns } = step;
      total += step_ns;
      expect(llm_request_ns + (tool_execution_ns ?? 0)).toBeLessThanOrEqual(step_ns);
      const types = messages.flatMap(({ items }) =>
        items.filter(({ step_id }) => step_id === step.id).map(({ message_type }) => message_type),
      );
      if (types.includes('tool_return_message') && !types.includes('approval_request_message'))
        expect(tool_execution_ns).not.toBeNull();
      if (types.length === 0) expect(tool_execution_ns).toBeNull();
      if (start === null) continue;
      known += 1;
      expect(start).toBe(BigInt(microsOf(step.created_at)) * 1000n);
      expect(start).toBeGreaterThanOrEqual(next);
      next = start + BigInt(step_ns);
    }
    if (run.completed_at !== null) expect(total).toBeLessThanOrEqual(duration);
  }
  const all = details.reduce((sum, { steps }) => sum + steps.length, 0);
  expect(known / all).toBeGreaterThan(0.6);
  expect(known / all).toBeLessThan(0.9);
});

interface MeasuredStep {
  readonly id: string;
  readonly status: string;
  readonly created_at: string;
  readonly step_start_ns: bigint | null;
  readonly llm_request_ns: number;
  readonly tool_execution_ns: number | null;
  readonly step_ns: number;
}

test('ids never repeat, and belong to the run', () => {
  const ids = details.flatMap(({ steps, messages }) => [...steps, ...messages].map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  const uuid4 = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}';
  expect(ids.filter((id) => !new RegExp(`^(?:step|message)-${uuid4}$`).test(id))).toEqual([]);
});

test('a step can be asked for before its run is, and is the same afterwards', async () => {
  using store = sampleStore();
  await using api = await startRunsApi({ store });
  const get = async (path: string) => {
    const response = await fetch(api.baseUrl + path);
    return { status: response.status, body: await response.json() };
  };
  const found = details.find(({ run, steps }) => run.status === 'failed' && steps.length > 2);
  const [step] = found?.steps ?? [];
  const alone = await get(`/v1/steps/${step?.id}`);
  expect(alone).toMatchObject({ status: 200, body: { id: step?.id, run_id: found?.run.id } });
  const { body } = await get(`/v1/runs/${found?.run.id}/steps?order=asc`);
  expect(body).toHaveLength(found?.steps.length ?? 0);
  expect(body[0]).toEqual(alone.body);
  const metrics = await get(`/v1/steps/${step?.id}/metrics`);
  expect(metrics).toMatchObject({ status: 200, body: { id: step?.id, step_ns: step?.['step_ns'] } });
});

test('all samples can be read; every type of message that Letta sends occurs, images and other scripts too', async () => {
  using store = sampleStore();
  await using api = await startRunsApi({ store });
  const types = new Set<string>();
  let text = '';
  for (const { id } of runs.slice(0, 500)) {
    for (const part of ['steps', 'messages']) {
      const response = await fetch(`${api.baseUrl}/v1/runs/${id}/${part}?limit=1000`);
      expect(response.status, `${id} ${part}`).toBe(200);
      if (part !== 'messages') continue;
      const body = await response.text();
      for (const { message_type } of JSON.parse(body)) types.add(message_type);
      text += body;
    }
  }
  expect([...types].toSorted()).toEqual(
    MESSAGE_TYPES.filter((type) => !NEVER_SENT.includes(type)).toSorted(),
  );
  for (const pattern of [
    /"type":"image"/,
    /"status":"error"/,
    /"approve":false/,
    /[\u3040-\u30ff]/,
    /[\u0600-\u06ff]/,
  ]) {
    expect(text).toMatch(pattern);
  }
});

test('a run is one story: its request, its calls and its reply are of one scenario, and the reply goes by what came back', () => {
  const replies = new Set<string>();
  for (const { run, messages } of details) {
    const scenario = scenarioOf(run.agent_id);
    const items = messages.flatMap((message) => message.items);
    expect(JSON.stringify(items[0]?.['content'])).toContain(JSON.stringify(scenario.note).slice(1, -1));
    const tools = [...scenario.calls, scenario.approved].map(({ name }) => name).concat('search_notes');
    for (const { tool_calls = [] } of items) {
      for (const { name } of tool_calls as readonly { readonly name: string }[])
        expect(tools).toContain(name);
    }
    if (run.stop_reason !== 'end_turn') continue;
    const text = JSON.stringify(items);
    const reply = items.findLast(({ message_type }) => message_type === 'assistant_message')?.['content'];
    const { failed, question, done, approved, denied } = scenario.replies;
    const isFailed = text.includes(JSON.stringify(scenario.error).slice(1, -1));
    const calls = items.filter(({ message_type }) => message_type === 'tool_call_message').length;
    const decision = /"approve":(true|false)/.exec(text)?.[1];
    const whole = decision === undefined ? done : `${done} ${decision === 'true' ? approved : denied}`;
    expect(reply).toBe(isFailed ? failed : calls === 0 ? question : whole);
    replies.add(isFailed ? 'failed' : calls === 0 ? 'question' : `done ${decision}`);
  }
  expect(replies).toEqual(new Set(['failed', 'question', 'done undefined', 'done true', 'done false']));
});

test('the newest failed run tells in English of a call that failed', () => {
  const failed = details.find(({ run }) => run.status === 'failed');
  const text = JSON.stringify(failed?.messages);
  expect(text).toContain('"status":"error"');
  expect(text).toMatch(/^[ -~]*$/);
});

test('the agents of the newest run, and of the newest that failed, have English names', () => {
  const shown = [details[0], details.find(({ run }) => run.status === 'failed')];
  const names = shown.map((each) => agents.find(({ id }) => id === each?.run.agent_id)?.name);
  // Those who open GraphiQL see these first.
  for (const name of names)
    expect(name).toMatch(/^(?:Returns desk|Billing assistant|Weekly report|Release notes) \d+$/);
});

test('a run that is no sample has no steps', () => {
  using store = openStore({ makeDetails: sampleDetails });
  store.insert([{ id: runs[0]?.id ?? '', agent_id: 'a', created_at: '2026-01-01T00:00:00Z' }]);
  expect(store.steps.list(runs[0]?.id ?? '', { organizationId, ascending: true, limit: 5 })).toEqual([]);
});
