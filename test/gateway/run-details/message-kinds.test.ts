import { assertInterfaceType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { answersOfRuns, RUN } from '../../support/answers.ts';
import { type Answer, post } from '../../support/execute.ts';
import { type OpenGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { MESSAGE_TYPES } from '../../support/run-fields.ts';

/** Every field of every kind. */
const FIELDS = `
  __typename id messageId date messageType name otid senderId runId stepId isError
  ... on RunContentMessage { text parts { ...Part } }
  ... on RunReasoningMessage { reasoning source signature }
  ... on RunHiddenReasoningMessage { state hiddenReasoning }
  ... on RunToolCallMessage { toolCalls { id name arguments } }
  ... on RunToolReturnMessage { toolReturns { ...Return } }
  ... on RunApprovalRequestMessage { toolCalls { id name arguments } }
  ... on RunApprovalResponseMessage { approvals { toolCallId approve reason } toolReturns { ...Return } }
  ... on RunSummaryMessage { summary compactionStats }
  ... on RunEventMessage { eventType eventData }
  ... on RunUnrecognizedMessage { raw }
`;
const FRAGMENTS = `
  fragment Part on RunMessagePart {
    __typename
    ... on RunTextPart { text signature }
    ... on RunImagePart { sourceType fileId url mediaType data detail }
    ... on RunUnrecognizedPart { raw }
  }
  fragment Return on RunToolReturn { toolCallId status content parts { ...Part } stdout stderr }
`;

interface Node {
  readonly __typename: string;
  readonly id: string;
}

async function ask(messages: unknown, selection: string) {
  const answers = { [`/v1/runs/${RUN}/messages`]: messages };
  await using open: Omit<OpenGateway, 'store'> = await openGatewayOver(answersOfRuns(1, answers));
  const query = `{ run(id: "${RUN}") { ${selection} } } ${selection.includes('...Part') ? FRAGMENTS : ''}`;
  const text = await post(open.gateway, { query });
  const answer: Answer<{ run: Readonly<Record<string, { readonly nodes: readonly Node[] }>> }> =
    JSON.parse(text);
  const { data, errors } = answer;
  return { text, nodes: data?.run['messages']?.nodes ?? [], errors };
}

const ID = 'message-00000000-0000-4000-8000-000000000000';
const typeOf = (kind: string): string =>
  `Run${kind.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase())}Message`;
/** What every message has. */
const SENT =
  '"date":"2026-01-01T00:00:07+00:00","name":"n","otid":"otid-1","sender_id":"agent-1","step_id":"step-1","is_err":true,"seq_id":null';
const SHOWN = {
  date: '2026-01-01T00:00:07+00:00',
  name: 'n',
  otid: 'otid-1',
  senderId: 'agent-1',
  stepId: 'step-1',
  isError: true,
};
describe('RunMessage', () => {
  it.each<[kind: string, sent: string, shown: string]>([
    [
      'system',
      '{"content":"日本語 ✓"}',
      '{"text":"日本語 ✓","parts":[{"__typename":"RunTextPart","text":"日本語 ✓","signature":null}]}',
    ],
    ['assistant', '{"content":null}', '{"text":null,"parts":[]}'],
    [
      'user',
      '{"content":[{"type":"text","text":"a"},{"type":"audio","data":"x"},{"type":"text","text":7},{"type":"text","text":"b","signature":"s"}]}',
      '{"text":"a\\nb","parts":[{"__typename":"RunTextPart","text":"a","signature":null},{"__typename":"RunUnrecognizedPart","raw":{"type":"audio","data":"x"}},{"__typename":"RunUnrecognizedPart","raw":{"type":"text","text":7}},{"__typename":"RunTextPart","text":"b","signature":"s"}]}',
    ],
    [
      'user',
      '{"content":[{"type":"image","source":{"type":"url","url":"https://a.example"}},{"type":"image","source":{"type":"letta","file_id":"file-1","media_type":"image/png","data":"iVBO","detail":"low"}}]}',
      '{"text":null,"parts":[{"__typename":"RunImagePart","sourceType":"url","fileId":null,"url":"https://a.example","mediaType":null,"data":null,"detail":null},{"__typename":"RunImagePart","sourceType":"letta","fileId":"file-1","url":null,"mediaType":"image/png","data":"iVBO","detail":"low"}]}',
    ],
    [
      'reasoning',
      '{"reasoning":"Hm","source":"non_reasoner_model","signature":null}',
      '{"reasoning":"Hm","source":"NON_REASONER_MODEL","signature":null}',
    ],
    [
      'hidden_reasoning',
      '{"state":"redacted","hidden_reasoning":"x"}',
      '{"state":"REDACTED","hiddenReasoning":"x"}',
    ],
    [
      'tool_call',
      '{"tool_call":{"name":"f","arguments":"{}","tool_call_id":"c1"},"tool_calls":[{"name":"f","arguments":"{}","tool_call_id":"c1"},{"name":"g","arguments":"","tool_call_id":"c2"}]}',
      '{"toolCalls":[{"id":"c1","name":"f","arguments":"{}"},{"id":"c2","name":"g","arguments":""}]}',
    ],
    [
      'approval_request',
      '{"tool_call":{"name":"f","arguments":"{}","tool_call_id":"c1"}}',
      '{"toolCalls":[{"id":"c1","name":"f","arguments":"{}"}]}',
    ],
    [
      'tool_return',
      '{"tool_returns":[{"tool_return":"x","tool_call_id":"c1","status":"success","stdout":["o"]},{"tool_return":5,"tool_call_id":"c2","status":"later"}]}',
      '{"toolReturns":[{"toolCallId":"c1","status":"SUCCESS","content":"x","parts":[{"__typename":"RunTextPart","text":"x","signature":null}],"stdout":["o"],"stderr":null},{"toolCallId":"c2","status":"UNRECOGNIZED","content":null,"parts":[{"__typename":"RunUnrecognizedPart","raw":5}],"stdout":null,"stderr":null}]}',
    ],
    [
      'approval_response',
      '{"approvals":[{"type":"tool","tool_return":null,"tool_call_id":"c1","status":"error"},{"type":"approval","tool_call_id":"c2","approve":false,"reason":"no"}]}',
      '{"approvals":[{"toolCallId":"c2","approve":false,"reason":"no"}],"toolReturns":[{"toolCallId":"c1","status":"ERROR","content":null,"parts":[],"stdout":null,"stderr":null}]}',
    ],
    [
      'summary',
      '{"summary":"So far","compaction_stats":{"n":1}}',
      '{"summary":"So far","compactionStats":{"n":1}}',
    ],
    ['event', '{"event_type":"e","event_data":{"n":[null]}}', '{"eventType":"e","eventData":{"n":[null]}}'],
  ])('of the kind %s has its fields: %s', async (kind, sent, shown) => {
    const head = `{"id":"${ID}","message_type":"${kind}_message","run_id":"${RUN}",${SENT},"of_the_future":1,`;
    const { nodes, errors } = await ask(`[${head}${sent.slice(1)}]`, `messages { nodes { ${FIELDS} } }`);
    expect(errors).toBeUndefined();
    expect(nodes).toEqual([
      {
        __typename: typeOf(kind),
        id: `${ID}:0`,
        messageId: ID,
        messageType: `${kind}_message`.toUpperCase(),
        runId: RUN,
        ...SHOWN,
        ...JSON.parse(shown),
      },
    ]);
  });

  it('has a type of its own for each kind, whose fields are all known to these tests', () => {
    const types = schema.getPossibleTypes(assertInterfaceType(schema.getType('RunMessage')));
    const known = MESSAGE_TYPES.map((type) => typeOf(type.replace(/_message$/, '')));
    expect(types.map(({ name }) => name).toSorted()).toEqual([...known, 'RunUnrecognizedMessage'].toSorted());
    const fields = types.flatMap((type) => Object.keys(type.getFields()));
    expect([...new Set(fields)].filter((name) => !new RegExp(`\\b${name}\\b`).test(FIELDS))).toEqual([]);
  });
});

const item = (kind: string, fields: string): string =>
  `{"id":"${ID}","otid":"otid-1","message_type":"${kind}"${fields === '' ? '' : `,${fields}`}}`;
const user = (fields: string): string => item('user_message', fields);
const GOOD = user('"content":"fine"');

describe('RunMessage of an odd kind', () => {
  const USER = 'RunUserMessage';
  const UNKNOWN = 'RunUnrecognizedMessage';
  it.each<[odd: string, type: string]>([
    [user('"content":[null,5,[[]],{"type":"text"},{"type":"image","source":18446744073709551616}]'), USER],
    // What every message has.
    [user('"content":"x","date":"yesterday"'), UNKNOWN],
    [user('"content":"x","name":9223372036854775808'), UNKNOWN],
    [user('"content":"x","new_field":{"n":9223372036854775808},"__proto__":{"name":5}'), USER],
    // Kinds.
    [item('dream_message', '"dream":[9223372036854775808]'), UNKNOWN],
    [`{"id":"${ID}","content":"x"}`, UNKNOWN],
    [item('tool_call_message', '"tool_calls":[{"name":"f","arguments":{"q":1}}]'), UNKNOWN],
    [item('summary_message', '"summary":"x","compaction_stats":[]'), UNKNOWN],
    // No message at all.
    [`{"id":"${ID}","deep":${'['.repeat(2000)}${']'.repeat(2000)}}`, UNKNOWN],
  ])('costs no other message, and is a message itself: %s', async (odd, type) => {
    const { text, nodes, errors } = await ask(`[${GOOD},${odd},${GOOD}]`, `messages { nodes { ${FIELDS} } }`);
    expect(errors).toBeUndefined();
    expect(nodes.map(({ __typename }) => __typename)).toEqual([USER, type, USER]);
    // Stored ids repeat, and so may otids.
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(3);
    for (const node of [nodes[0], nodes[2]]) expect(node).toMatchObject({ messageId: ID, text: 'fine' });
    // What isn't recognized is carried, with all digits.
    if (type === UNKNOWN) expect(text).toContain(`"raw":${odd}`);
  });

  it.each([
    ['5', '[{"__typename":"RunUnrecognizedPart","raw":5}]'],
    ['null', '[]'],
  ])('has a content of %s among its parts', async (content, parts) => {
    const selection =
      'messages { nodes { ... on RunContentMessage { parts { __typename ... on RunUnrecognizedPart { raw } } } } }';
    const { text } = await ask(`[${user(`"content":${content}`)}]`, selection);
    expect(text).toBe(`{"data":{"run":{"messages":{"nodes":[{"parts":${parts}}]}}}}`);
  });
});
