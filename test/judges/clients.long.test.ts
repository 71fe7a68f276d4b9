import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BLOCKS, ROOT } from '../repository/pages.ts';
import { type ListeningGateway, startListening } from '../support/listening-gateway.ts';
import { wholeDocument } from './whole-document.ts';
import { openWorkshop, orSkip } from './workshop.ts';

const SDL = readFileSync(`${ROOT}schema/schema.graphql`, 'utf8');
const OPERATIONS = wholeDocument(SDL);
const WHOLE = [...OPERATIONS.values()].join('\n\n');
const FEW = file('operations.graphql');
const TSC = `${ROOT}node_modules/.bin/tsc`;
/** Milliseconds: the tools of Go are downloaded and compiled. */
const timeout = 300_000;

function file(name: string): string {
  return readFileSync(new URL(name, import.meta.url), 'utf8');
}

/** The block of docs/clients.md that has a text. */
function block(language: string, text: string): string {
  const found = BLOCKS.find(
    (each) => each.page === 'docs/clients.md' && each.language === language && each.text.includes(text),
  );
  if (found === undefined) throw new Error(`docs/clients.md has no such block: ${text}`);
  return found.text;
}

describe('The generators of docs/clients.md, over the whole schema', { timeout }, () => {
  it('GraphQL Code Generator makes types of it', async () => {
    const documents = [...OPERATIONS].map(([name, text]) => `export const ${name} = graphql(\`${text}\`);`);
    await using workshop = await openWorkshop(
      {
        'schema.graphql': SDL,
        'codegen.ts': block('ts', '@graphql-codegen/cli'),
        'package.json': '{"type":"module"}',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { strict: true, noEmit: true, module: 'esnext', moduleResolution: 'bundler' },
          files: ['src/use.ts'],
        }),
        'src/documents.ts': ["import { graphql } from './gql';", ...documents].join('\n'),
        'src/use.ts': `import './documents';
import type { WholeRunsQueryQuery } from './gql/graphql';
declare const { runs }: WholeRunsQueryQuery;
export const id: string | undefined = runs?.edges[0]?.node.id;
// @ts-expect-error It may be null.
export const ns: number = runs!.edges[0]!.node.totalDurationNs;
`,
      },
      'examples/node',
    );
    await workshop.run('node_modules/.bin/graphql-codegen', ['--config', 'codegen.ts']);
    await workshop.run(TSC, ['-p', '.']);
  });

  // Of all operations it would take minutes.
  it('gql.tada infers types of the list of runs', async () => {
    const documents = [`export const WholeRunsQuery = graphql(\`${OPERATIONS.get('WholeRunsQuery')}\`);`];
    await using workshop = await openWorkshop(
      {
        'schema.graphql': SDL,
        'package.json': '{"type":"module"}',
        'tsconfig.json': block('json', 'gql.tada/ts-plugin'),
        'src/graphql.ts': block('ts', 'initGraphQLTada'),
        'src/documents.ts': `import type { ResultOf } from 'gql.tada';
import { graphql } from './graphql.ts';
${documents.join('\n')}
declare const { runs }: ResultOf<typeof WholeRunsQuery>;
export const id: string | undefined = runs?.edges[0]?.node.id;
// @ts-expect-error It may be null.
export const ns: number = runs!.edges[0]!.node.totalDurationNs;
`,
      },
      'test/judges',
    );
    await workshop.run('node_modules/.bin/gql.tada', ['generate-output']);
    await workshop.run('node_modules/.bin/gql.tada', ['check']);
    await workshop.run(TSC, ['-p', '.']);
  });

  it('relay-compiler makes artifacts of it', async () => {
    const documents = [...OPERATIONS.values()].map((text) => `graphql\`${text}\`;`);
    await using workshop = await openWorkshop(
      {
        'schema.graphql': SDL,
        'relay.config.json': block('json', '"customScalarTypes"'),
        'src/Whole.ts': ["import { graphql } from 'relay-runtime';", ...documents].join('\n'),
      },
      'examples/relay',
    );
    const printed = await workshop.run('node_modules/.bin/relay-compiler', []);
    expect(printed).toMatch(new RegExp(`compiled documents: .*${OPERATIONS.size} operation text`));
  });
});

describe('What is generated reads runs, messages and the codes of errors', { timeout }, () => {
  let gateway: ListeningGateway;
  let args: readonly [url: string, run: string];
  /** What a program must print that has the operations of a text. */
  let expectedOf: (operations: string) => Promise<object>;
  beforeAll(async () => {
    gateway = await startListening({ live: false });
    const url = `${gateway.url}/graphql`;
    const query = async (text: string, variables = {}) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: text, variables }),
      });
      return JSON.parse(await response.text()).data;
    };
    const { runs } = await query(
      '{ runs(first: 20, statuses: [COMPLETED]) { nodes { id messages { nodes { __typename } } } } }',
    );
    const { id } = runs.nodes.find(({ messages }: { messages: { nodes: readonly object[] } }) =>
      ['RunToolCallMessage', 'RunAssistantMessage'].every((type) => JSON.stringify(messages).includes(type)),
    );
    args = [url, id];
    expectedOf = async (operations) => {
      const [failedRuns = '', messagesOf = ''] = operations.split('\n\n');
      const messages = await query(messagesOf, { id });
      const texts = messages.run.messages.nodes
        .filter(({ __typename }: { __typename: string }) => __typename === 'RunAssistantMessage')
        .map(({ text }: { text: string }) => text);
      expect(texts).not.toEqual([]);
      return { failed: await query(failedRuns), messages, texts, code: 'INVALID_CURSOR' };
    };
  });
  afterAll(() => gateway[Symbol.asyncDispose]());

  it('genqlient, in Go', async ({ skip }) => {
    await using workshop = await openWorkshop({
      'go.mod': file('go/go.mod'),
      'go.sum': file('go/go.sum'),
      'main.go': file('go/main.go'),
      'runs/schema.graphql': SDL,
      'runs/runs.graphql': `${FEW}\n${WHOLE}`,
      'runs/genqlient.yaml': block('yaml', 'bindings'),
    });
    await orSkip(workshop.run('go', ['mod', 'download']), skip);
    await workshop.run('go', ['tool', 'genqlient'], 'runs');
    expect(JSON.parse(await workshop.run('go', ['run', '.', ...args]))).toEqual(await expectedOf(FEW));
  });
});
