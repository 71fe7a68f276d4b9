import { readFile } from 'node:fs/promises';
import { assertInterfaceType, buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as apollo from '../../examples/apollo/messages.ts';
import * as relay from '../../examples/relay/messages.ts';
import * as urql from '../../examples/urql/messages.ts';
import { listen } from '../../src/http/server/listen.ts';
import { answersOfRuns, RUN } from '../support/answers.ts';
import { openGatewayOver } from '../support/open-gateway.ts';

/** What every client selects of each message. */
interface Shown {
  readonly id: string;
  readonly messageId: string;
  readonly __typename: string;
  readonly stepId: string;
  readonly text?: string;
  readonly reasoning?: string;
  readonly toolCalls?: readonly { readonly name: string; readonly arguments: string }[];
}

/** A stored message of which the API makes several of one kind, all with one id. */
function stored(number: number): { wire: readonly object[]; shown: Shown[] } {
  const id = `message-${number}`;
  const [stepId, args] = [`step-${number % 7}`, `{"q":${number}}`];
  const common = { id, step_id: stepId, run_id: RUN, date: '2026-01-01T00:00:00Z', otid: null };
  const call = { name: 'search', arguments: args, tool_call_id: `call_${number % 2}` };
  const items = [
    { ...common, message_type: 'reasoning_message', reasoning: `first thought ${number}` },
    { ...common, message_type: 'reasoning_message', reasoning: `second thought ${number}` },
    { ...common, message_type: 'assistant_message', content: `first text ${number}` },
    { ...common, message_type: 'assistant_message', content: `second text ${number}` },
    { ...common, message_type: 'tool_call_message', tool_calls: [call] },
  ];
  const shown = [
    { __typename: 'RunReasoningMessage', reasoning: `first thought ${number}` },
    { __typename: 'RunReasoningMessage', reasoning: `second thought ${number}` },
    { __typename: 'RunAssistantMessage', text: `first text ${number}` },
    { __typename: 'RunAssistantMessage', text: `second text ${number}` },
    { __typename: 'RunToolCallMessage', toolCalls: [{ name: 'search', arguments: args }] },
  ];
  return {
    wire: items,
    shown: shown.map((fields, part) => ({ id: `${id}:${part}`, messageId: id, stepId, ...fields })),
  };
}

const CLIENTS: readonly {
  readonly name: string;
  readonly read: (url: string, id: string, pageSize: number) => Promise<readonly object[]>;
}[] = [
  { name: 'relay-runtime', read: relay.readMessages },
  { name: 'Apollo Client', read: apollo.readMessages },
  { name: 'urql', read: urql.readMessages },
];

describe.each(CLIENTS)('The normalized cache of $name', ({ read }) => {
  it.each([1000, 7])(
    'has each message as itself, whatever ids repeat upstream; pages of %i',
    async (size) => {
      const messages = Array.from({ length: 20 }, (_, number) => stored(number));
      const answers = { [`/v1/runs/${RUN}/messages`]: messages.flatMap(({ wire }) => wire) };
      await using open = await openGatewayOver(answersOfRuns(1, answers));
      await using listener = await listen(open.gateway, { host: '127.0.0.1', port: 0 });
      const cached = await read(`${listener.url}/graphql`, RUN, size);
      expect(cached).toMatchObject(messages.flatMap(({ shown }) => shown));
    },
  );
});

it('Apollo Client knows which types the interfaces of messages stand for', async () => {
  const file = new URL('../../schema/schema.graphql', import.meta.url);
  const schema = buildSchema(await readFile(file, 'utf8'));
  for (const [name, types] of Object.entries(apollo.POSSIBLE_TYPES)) {
    const possible = schema.getPossibleTypes(assertInterfaceType(schema.getType(name)));
    expect(types.toSorted()).toEqual(possible.map((type) => type.name).toSorted());
  }
});
