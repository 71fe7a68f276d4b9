import { readFileSync } from 'node:fs';
import { buildOperationNodeForField } from '@graphql-tools/utils';
import { buildSchema, type GraphQLSchema, Kind, OperationTypeNode, print } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { BLOCKS, ROOT } from '../repository/pages.ts';
import { execute } from '../support/execute.ts';
import { OFFLINE, openClientFolder } from './client-folder.ts';

const SDL = readFileSync(`${ROOT}schema/schema.graphql`, 'utf8');
/** An operation for each field of the roots, by name: together, they have every field with every argument. */
const OPERATIONS = operationsOf(buildSchema(SDL));
const FEW = file('operations.graphql');
const [FAILED_RUNS = '', MESSAGES = ''] = FEW.split('\n\n');
const TSC = `${ROOT}node_modules/.bin/tsc`;
/** Milliseconds: the tools of Go are downloaded and compiled. */
const timeout = 300_000;

function operationsOf(schema: GraphQLSchema): ReadonlyMap<string, string> {
  const operations = Object.values(OperationTypeNode).flatMap((kind) =>
    Object.keys(schema.getRootType(kind)?.getFields() ?? {}).map((field) => {
      const name = ['whole', field, kind].map(capitalized).join('');
      // Runs and agents in full where they come first, elsewhere by their ids.
      const operation = buildOperationNodeForField({ schema, kind, field, models: ['Run', 'Agent'] });
      return [name, print({ ...operation, name: { kind: Kind.NAME, value: name } })] as const;
    }),
  );
  return new Map(operations);
}

/** A program that is well typed if the id of a run is a text, and its duration may be null. */
const use = (declared: string) => `${declared}
export const id: string | undefined = run?.id;
// @ts-expect-error It may be null.
export const ns: number = run!.totalDurationNs;
`;

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
    using folder = await openClientFolder(
      {
        'schema.graphql': SDL,
        'codegen.ts': block('ts', '@graphql-codegen/cli'),
        'package.json': '{"type":"module"}',
        'tsconfig.json': JSON.stringify({
          compilerOptions: { strict: true, noEmit: true, module: 'esnext', moduleResolution: 'bundler' },
          files: ['src/use.ts'],
        }),
        'src/documents.ts': ["import { graphql } from './gql';", ...documents].join('\n'),
        'src/use.ts': use(`import './documents';
import type { WholeRunQueryQuery } from './gql/graphql';
declare const { run }: WholeRunQueryQuery;`),
      },
      'examples/node',
    );
    await folder.run('node_modules/.bin/graphql-codegen', ['--config', 'codegen.ts']);
    await folder.run(TSC, ['-p', '.']);
  });

  it('relay-compiler makes artifacts of it', async () => {
    const documents = [...OPERATIONS.values()].map((text) => `graphql\`${text}\`;`);
    using folder = await openClientFolder(
      {
        'schema.graphql': SDL,
        'relay.config.json': block('json', '"customScalarTypes"'),
        'src/Whole.ts': ["import { graphql } from 'relay-runtime';", ...documents].join('\n'),
      },
      'examples/relay',
    );
    const printed = await folder.run('node_modules/.bin/relay-compiler', []);
    expect(printed).toMatch(new RegExp(`compiled documents: .*${OPERATIONS.size} operation text`));
  });
});

it(
  'What genqlient generates reads runs, messages and the codes of errors, in Go',
  { timeout },
  async ({ skip }) => {
    using folder = await openClientFolder({
      'go.mod': file('go/go.mod'),
      'go.sum': file('go/go.sum'),
      'main.go': file('go/main.go'),
      'runs/schema.graphql': SDL,
      'runs/runs.graphql': [FEW, ...OPERATIONS.values()].join('\n\n'),
      'runs/genqlient.yaml': block('yaml', 'bindings'),
    });
    const brought = await folder.run('go', ['mod', 'download']).catch(String);
    if (OFFLINE.test(brought)) console.warn(`Skipped: ${brought}`);
    skip(OFFLINE.test(brought), brought);
    await folder.run('go', ['tool', 'genqlient'], 'runs');

    await using gateway = await createGateway({ live: false });
    await using listener = await listen(gateway, { host: '127.0.0.1', port: 0 });
    const query = async (text: string, variables = {}) =>
      Object((await execute(gateway, text, variables)).data);
    const { runs } = await query(
      '{ runs(first: 20, statuses: [COMPLETED]) { nodes { id messages { nodes { __typename } } } } }',
    );
    const { id } = runs.nodes.find(({ messages }: { messages: object }) =>
      ['RunToolCallMessage', 'RunAssistantMessage'].every((type) => JSON.stringify(messages).includes(type)),
    );
    const messages = await query(MESSAGES, { id });
    const texts = messages.run.messages.nodes.flatMap(
      ({ __typename, text }: { __typename: string; text: string }) =>
        __typename === 'RunAssistantMessage' ? [text] : [],
    );
    expect(texts).not.toEqual([]);
    const printed = await folder.run('go', ['run', '.', `${listener.url}/graphql`, id]);
    expect(JSON.parse(printed)).toEqual({
      failed: await query(FAILED_RUNS),
      messages,
      texts,
      code: 'INVALID_CURSOR',
    });
  },
);

function capitalized(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
