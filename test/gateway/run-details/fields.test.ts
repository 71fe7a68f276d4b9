import { assertObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { PART_FIELDS } from '../../../src/runs/detail-fields.ts';
import { schema } from '../../../src/schema/index.ts';
import { post } from '../../support/execute.ts';
import { RUN_SELECTIONS } from '../../support/expected-run.ts';
import { forAll } from '../../support/for-all.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { randomRuns } from '../../support/random-runs.ts';
import { MESSAGE_TYPES, RUN_STATUSES, STOP_REASONS } from '../../support/run-fields.ts';

const ID = 'run-11111111-1111-4111-8111-111111111111';
const LEAST = { id: ID, agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
const SENT = `{"id":"${ID}","status":"completed","created_at":"2025-01-01T00:00:00.000001Z","completed_at":"2025-01-01T00:01:00.5","agent_id":"agent-1","conversation_id":"conv-1","base_template_id":"template-1","background":false,"metadata":{"order":{"id":7},"text":"逃げ水 \\"\\\\n"},"request_config":{"use_assistant_message":false,"assistant_message_tool_name":"say","assistant_message_tool_kwarg":"words","include_return_message_types":["tool_call_message"]},"stop_reason":"requires_approval","callback_url":"https://example.com/é?a=\\"b\\"","callback_sent_at":"2025-01-01T00:02:00","callback_status_code":502,"callback_error":"","ttft_ns":4294967296,"total_duration_ns":9007199254740991}`;
const SHOWN = `{"id":"${ID}","outcome":"PAUSED","status":"COMPLETED","rawStatus":"completed","createdAt":"2025-01-01T00:00:00.000001Z","completedAt":"2025-01-01T00:01:00.5Z","agentId":"agent-1","agent":{"id":"agent-1"},"conversationId":"conv-1","baseTemplateId":"template-1","background":false,"metadata":{"order":{"id":7},"text":"逃げ水 \\"\\\\n"},"requestConfig":{"useAssistantMessage":false,"assistantMessageToolName":"say","assistantMessageToolKwarg":"words","includeReturnMessageTypes":["TOOL_CALL_MESSAGE"]},"stopReason":"REQUIRES_APPROVAL","rawStopReason":"requires_approval","callbackUrl":"https://example.com/é?a=\\"b\\"","callbackSentAt":"2025-01-01T00:02:00Z","callbackStatusCode":502,"callbackError":"","ttftNs":4294967296,"totalDurationNs":9007199254740991}`;
/** The keys of an object in text, without those of objects in it. */
const keysOf = (text: string): readonly string[] => Object.keys(JSON.parse(text));
const NOTHING = {
  ...Object.fromEntries(keysOf(SHOWN).map((name) => [name, null])),
  id: ID,
  agentId: 'agent-1',
  agent: { id: 'agent-1' },
  outcome: 'UNRECOGNIZED',
  status: 'UNRECOGNIZED',
  createdAt: LEAST.created_at,
};
const CONFIG =
  'useAssistantMessage assistantMessageToolName assistantMessageToolKwarg includeReturnMessageTypes';
const EVERYTHING = keysOf(SHOWN)
  .join(' ')
  .replace(' agent ', ' agent { id } ')
  .replace('requestConfig', `requestConfig { ${CONFIG} }`);

it('Every field of a run that takes no request of its own is known to these tests', () => {
  const names = Object.keys(assertObjectType(schema.getType('Run')).getFields());
  const measured = Object.keys(PART_FIELDS).filter((name) => names.includes(name));
  const shown = RUN_SELECTIONS.map((selection) => selection.replace(/ .*/, ''));
  const others = 'steps messages failure usage cost approval continues turn conversation'.split(' ');
  const known = [...others, ...measured, ...shown];
  expect(names.toSorted()).toEqual(known.toSorted());
});

describe.each([true, false])('Run (rows copied: %s)', async (rowCopying) => {
  const open = await forAll(openGatewayOver(() => ({ body: SENT }), { rowCopying }));

  /** The text of an answer over an API that sends such a list, as some other release may. */
  function textOf(rows: unknown, selection: string): Promise<string> {
    open.upstream.script = ({ path }, next) => (path === '/v1/runs/' ? { body: rows } : next());
    const query = `{ runs { nodes { ${selection} } } run(id: "${ID}") { ${selection} } }`;
    return post(open.gateway, { query });
  }
  const ask = async (rows: unknown, selection: string) => JSON.parse(await textOf(rows, selection));

  it('shows what the API sends', async () => {
    const answer = await textOf(`[${SENT}]`, EVERYTHING);
    expect(answer).toContain(`"runs":{"nodes":[${SHOWN}]}`);
    expect(JSON.parse(answer).data.run).toEqual({ ...JSON.parse(SHOWN), totalDurationNs: expect.anything() });
  });

  it.each([
    ['no more than must be there', LEAST],
    ['null for all else', { ...Object.fromEntries(keysOf(SENT).map((name) => [name, null])), ...LEAST }],
    ['fields of the future', { ...LEAST, brand_new: { x: 'later' }, ['__proto__']: 1 }],
  ])('has null for what the API does not say: %s', async (_name, row) => {
    const { data, errors } = await ask([row], EVERYTHING);
    expect(errors).toBeUndefined();
    expect(data.runs.nodes).toEqual([NOTHING]);
  });

  it.each<[part: string, field: string, known: readonly string[]]>([
    ['status', 'status rawStatus', RUN_STATUSES],
    ['stop_reason', 'stopReason rawStopReason', STOP_REASONS],
  ])('has every known %s, and UNRECOGNIZED with the text of any other one', async (part, fields, known) => {
    const texts = [...known, 'paused', '__proto__', 'ERROR', ''];
    const rows = texts.map((text, index) => ({ ...LEAST, id: `run-${99 - index}`, [part]: text }));
    const { data } = await ask(rows, fields);
    const [name = '', rawName = ''] = fields.split(' ');
    expect(data.runs.nodes).toEqual(
      texts.map((text) => ({
        [name]: known.includes(text) ? text.toUpperCase() : 'UNRECOGNIZED',
        [rawName]: text,
      })),
    );
  });

  it('has every known type of message, and UNRECOGNIZED for any other one', async () => {
    const request_config = { include_return_message_types: [...MESSAGE_TYPES, 'hologram_message'] };
    const { data } = await ask([{ ...LEAST, request_config }], 'requestConfig { includeReturnMessageTypes }');
    const shown = [...MESSAGE_TYPES.map((type) => type.toUpperCase()), 'UNRECOGNIZED'];
    expect(data.runs.nodes).toEqual([{ requestConfig: { includeReturnMessageTypes: shown } }]);
  });

  it('has its metadata untouched, with all digits', async () => {
    const metadata =
      '{"id":9007199254740993,"__proto__":{"x":1.5},"text":"逃げ水","none":null,"long":[-18446744073709551616]}';
    const row = JSON.stringify(LEAST).replace(/\}$/, `,"metadata":${metadata}}`);
    expect(await textOf(`[${row}]`, 'metadata')).toContain(`"runs":{"nodes":[{"metadata":${metadata}}]}`);
  });

  it.each([
    ['2025-01-01T00:00:05.123000', '2025-01-01T00:00:05.123000Z'],
    ['2025-01-01T00:00:05.1234567-03:30', '2025-01-01T00:00:05.1234567-03:30'],
    ['2025-01-01t00:00:05.5z', '2025-01-01T00:00:05.5Z'],
    ['2025-01-01T00:00:05.000Z', '2025-01-01T00:00:05Z'],
    ['2025-01-01T00:00:05.1234567891', '2025-01-01T00:00:05.123456789Z'],
  ])('has instants with a zone: %s is %s', async (wire, shown) => {
    const row = { ...LEAST, created_at: wire, completed_at: wire, callback_sent_at: wire };
    const { data } = await ask([row], 'createdAt completedAt callbackSentAt');
    expect(data.runs.nodes).toEqual([{ createdAt: shown, completedAt: shown, callbackSentAt: shown }]);
  });

  it('has durations of more than 104 days rounded', async () => {
    const body = `[${JSON.stringify(LEAST).slice(0, -1)},"ttft_ns":9007199254740993}]`;
    const { data } = await ask(body, 'id ttftNs');
    expect(data.runs.nodes).toEqual([{ id: LEAST.id, ttftNs: 2 ** 53 }]);
  });

  it.each<[string, unknown]>([
    ['not JSON', '<html>'],
    ['no list', { detail: 'secret words' }],
    ['a row without an id', [{ ...LEAST, id: undefined }]],
    ['a row of no real time', [{ ...LEAST, created_at: 'today' }]],
    ['rows in the wrong order', [{ ...LEAST, id: 'run-0' }, LEAST]],
    ['a fraction of nanoseconds', [{ ...LEAST, ttft_ns: 1.5 }]],
    ['a wrong configuration', [{ ...LEAST, request_config: { use_assistant_message: 'yes' } }]],
  ])('is UPSTREAM_INVALID_RESPONSE for an answer that is or has %s', async (_name, body) => {
    const { data, errors } = await ask(body, `id ${EVERYTHING}`);
    expect(data.runs).toBeNull();
    expect(errors).toMatchObject([
      {
        message: 'The runs API sent an invalid response.',
        path: ['runs'],
        extensions: { code: 'UPSTREAM_INVALID_RESPONSE' },
      },
    ]);
  });
});

const RUNS = randomRuns(80, 4);
const [RUN] = RUNS.slice(40);

it('Agent.runs has filters, flags and cursors', async () => {
  await using open = await openGateway({ runs: RUNS });
  const page = 'first: 5, order: ASC, notStatuses: [FAILED]';
  const query = (list: string): string =>
    `{ run(id: "${RUN?.id}") { agent { ${list} { nodes { id agentId } pageInfo { hasNextPage hasPreviousPage } } } } }`;
  interface All {
    readonly runs: { readonly nodes: readonly { readonly id: string }[] };
  }
  const all = `{ runs(${page.replace('5', '80')}, agentId: "${RUN?.agent_id}") { nodes { id agentId } } }`;
  const nodes = (await open.execute<All>(all)).data?.runs.nodes ?? [];
  expect(nodes.length).toBeGreaterThan(10);
  expect(await open.execute(query(`runs(${page}, after: "${nodes[2]?.id}")`))).toEqual({
    data: {
      run: {
        agent: { runs: { nodes: nodes.slice(3, 8), pageInfo: { hasNextPage: true, hasPreviousPage: true } } },
      },
    },
  });
});
