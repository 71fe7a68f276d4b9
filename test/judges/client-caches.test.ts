import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { assertInterfaceType, buildSchema } from 'graphql';
import { describe, expect, it } from 'vitest';
import { itemOf } from '../../embedded-api/store/message-items.ts';
import { POSSIBLE_TYPES } from '../../examples/apollo/client.ts';
import * as apollo from '../../examples/apollo/main.ts';
import { allRuns } from '../../examples/node/all-runs.ts';
import * as relay from '../../examples/relay/main.ts';
import { readMessages } from '../../examples/relay/messages.ts';
import { createEnvironment } from '../../examples/relay/network.ts';
import { evenRuns } from '../support/agent-runs.ts';
import { idsInRest, serveRuns } from './example-runs.ts';
import { serveGateway } from './served-gateway.ts';

const SCHEMA = buildSchema(readFileSync(new URL('../../schema/schema.graphql', import.meta.url), 'utf8'));

it('Apollo Client knows which types the interfaces of messages stand for', () => {
  for (const [name, types] of Object.entries(POSSIBLE_TYPES)) {
    const possible = SCHEMA.getPossibleTypes(assertInterfaceType(SCHEMA.getType(name)));
    expect(types.toSorted()).toEqual(possible.map((type) => type.name).toSorted());
  }
});

describe('The store of relay-runtime', () => {
  it('has one record of a run, whether a list brought it or node(id:)', async () => {
    await using served = await serveRuns();
    const environment = createEnvironment(served.graphql);
    const everything = await relay.loadRuns(environment);
    const [edge] = await relay.loadRuns(environment, { statuses: ['FAILED', 'COMPLETED'] });
    const twin = everything.find(({ node }) => node.id === edge?.node.id);
    if (edge === undefined || twin === undefined) throw new Error('Too few runs to tell.');
    const { id } = edge.node;
    served.store.update(id, { status: 'cancelled' });
    const before = expect.stringMatching('FAILED|COMPLETED');
    expect(await relay.readRow(environment, edge)).toMatchObject({ id, status: before });
    await relay.refetchRun(environment, id);
    for (const one of [edge, twin])
      expect(await relay.readRow(environment, one)).toMatchObject({ id, status: 'CANCELLED' });
  });

  it.each([1000, 7])(
    'has each message as itself, whatever ids repeat upstream; pages of %i',
    async (size) => {
      const [run] = evenRuns(1, 1);
      if (run === undefined) throw new Error('There is no run');
      await using served = await serveGateway({ runs: [{ ...run, request_config: null }] });
      const shown: object[] = [];
      for (let number = 0; number < 20; number++) {
        const id = `message-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
        const created_at = `2026-01-01T00:00:${String(number).padStart(2, '0')}Z`;
        const source = { id, run_id: run.id, created_at, step_id: null };
        const reasoning = (text: string) => ({ source: 'reasoner_model', reasoning: text, signature: null });
        const items = [
          itemOf(source, 'reasoning_message', 0, reasoning(`one ${number}`)),
          itemOf(source, 'reasoning_message', 1, reasoning(`two ${number}`)),
          itemOf(source, 'assistant_message', 2, { content: `three ${number}` }),
          itemOf(source, 'assistant_message', 3, { content: `four ${number}` }),
        ];
        served.store.messages.insert([{ ...source, items }]);
        const texts = [
          { __typename: 'RunReasoningMessage', reasoning: `one ${number}` },
          { __typename: 'RunReasoningMessage', reasoning: `two ${number}` },
          { __typename: 'RunAssistantMessage', text: `three ${number}` },
          { __typename: 'RunAssistantMessage', text: `four ${number}` },
        ];
        shown.push(...texts.map((text, part) => ({ id: `${id}:${part}`, messageId: id, ...text })));
      }
      expect(await readMessages(served.graphql, run.id, size)).toMatchObject(shown);
    },
  );
});

const idsBy = (url: string, byId: boolean) => Array.fromAsync(allRuns({ url, byId }), ({ id }) => id);

/** By the example and the tool that made its manifest: walks by ids of documents, and by their texts. */
const WALKS: Readonly<Record<string, (url: string, byId: boolean) => Promise<string[]>>> = {
  relay: (url, byId) => relay.walkForward(url, {}, { byId }),
  node: idsBy,
  apollo: (url, byId) => apollo.walkForward(url, {}, byId ? 'ids' : undefined),
};

/** A gateway that serves nothing but the documents of an example. */
function locked(example: string) {
  const manifest = `../../examples/${example}/__generated__/persisted-documents.json`;
  return {
    persistedDocuments: fileURLToPath(new URL(manifest, import.meta.url)),
    trustedDocumentsOnly: true,
  };
}

describe.each(Object.entries(WALKS))('The manifest of examples/%s', (example, walk) => {
  it('lets its client walk a locked gateway by ids, and is of use to no other', async () => {
    await using served = await serveRuns(locked(example));
    for (const other of Object.values(WALKS).filter((each) => each !== walk)) {
      await expect(other(served.graphql, false)).rejects.toThrow(/only trusted documents/);
      await expect(other(served.graphql, true)).rejects.toThrow(
        /PersistedQueryNotFound|only trusted documents|is not that of "query"/,
      );
    }
    expect(served.upstream.requests).toEqual([]);
    expect(await walk(served.graphql, true)).toEqual(idsInRest());
  });
});
