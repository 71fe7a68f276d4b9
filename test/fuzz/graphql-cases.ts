import { getIntrospectionQuery } from 'graphql';
import type { Random } from '../../embedded-api/samples/random.ts';
import { type CaseMaker, HOSTILE_TEXTS, post, request } from './case.ts';
import { ARGUMENTS, DIRECTIVES, FIELDS, FRAGMENTS, ID_VALUES, NUMBERS } from './graphql-inputs.ts';
import { mutatedDocument } from './mutate-document.ts';

/** What exists in the gateway that is attacked. */
export interface KnownThings {
  readonly cursor: string;
  readonly runId: string;
}

/** Well formed requests for operations that make no sense, or too much of it. */
export function graphqlCases({ cursor, runId }: KnownThings): Readonly<Record<string, CaseMaker>> {
  const real = (document: string): string =>
    document.replaceAll('CURSOR', cursor).replaceAll('RUN"', `${runId}"`);
  const anyText = (random: Random): string =>
    random.chance(0.5) ? random.pick(HOSTILE_TEXTS) : mutatedText(random.pick([cursor, runId]), random);

  return {
    'mutated document': (random) =>
      post({
        query: real(mutatedDocument(random)),
        ...(random.chance(0.3) && { variables: { first: 1, after: cursor, id: runId, deep: true } }),
        ...(random.chance(0.2) && { operationName: random.pick(['A', 'B', 'Page', 'Named', '']) }),
      }),
    'mutated document by GET': (random) => {
      const query = encodeURIComponent(real(mutatedDocument(random)).toWellFormed());
      return request({
        method: 'GET',
        target: `/graphql?query=${query}`,
        headers: { accept: 'application/json' },
      });
    },
    'deep document': (random) => {
      const depth = random.pick([5, 20, 100, 1_000, 10_000]);
      return post({
        query: random.pick([
          `${'{a'.repeat(depth)}${'}'.repeat(depth)}`,
          '{'.repeat(depth),
          `{ runs(statuses: ${'['.repeat(depth)}${']'.repeat(depth)}) { nodes { id } } }`,
          `{ runs(first: ${'{a:'.repeat(depth)}1${'}'.repeat(depth)}) { nodes { id } } }`,
          `query($a: ${'['.repeat(depth)}Int${']'.repeat(depth)}) { __typename }`,
          `{${'...{'.repeat(depth)}__typename${'}'.repeat(depth)}}`,
          `{ run(id: "${runId}") { ${'agent { runs(first: 1) { nodes { '.repeat(Math.min(depth, 100))}id${' } } }'.repeat(Math.min(depth, 100))} } }`,
        ]),
      });
    },
    'many aliases': (random) => {
      const [field, count] = random.pick<readonly [string, number]>([
        ['__typename', 5_000],
        ['runs(first: 1) { nodes { id } }', 1_000],
        [`run(id: "${runId}") { id }`, 1_000],
        ['runs(first: NUMBER) { nodes { id } }', 30],
        ['run(id: "run-0000NUMBER") { id }', 30],
      ]);
      const fields = Array.from(
        { length: count },
        (_, index) => `a${index}: ${field.replace('NUMBER', String(1000 + index - 970))}`,
      );
      return post({ query: `{ ${fields.join(' ')} }` });
    },
    fragments: (random) => post({ query: random.pick(FRAGMENTS) }),
    'many fragments': (random) => post({ query: chainOfFragments(random.pick([10, 50, 100])) }),
    'a thousand fragments': () => post({ query: chainOfFragments(1_000) }),
    'unknown names': (random) =>
      post({
        query: `{ ${random.pick(FIELDS)}(${random.pick(ARGUMENTS)}: ${JSON.stringify(anyText(random))}) { ${random.pick(FIELDS)} ${random.pick(ARGUMENTS)} } }`,
      }),
    introspection: () => post({ query: getIntrospectionQuery() }),
    'variables of other types': (random) => {
      const type = random.pick([
        'Int',
        'Int!',
        'String',
        'ID!',
        '[RunStatus!]',
        'Boolean',
        'SortOrder',
        'Nothing',
        'Run',
        '[[Int]]',
      ]);
      const argument = random.pick(ARGUMENTS);
      const value: unknown = random.chance(0.5) ? anyText(random) : random.pick(ID_VALUES);
      return post({
        query: `query($v: ${type}) { runs(${argument}: $v) { pageInfo { hasNextPage } } }`,
        variables: { v: value },
      });
    },
    numbers: (random) => {
      const number = random.pick(NUMBERS);
      if (random.chance(0.5))
        return post({ query: `{ runs(${random.pick(['first', 'last'])}: ${number}) { nodes { id } } }` });
      const query = 'query($n: Int) { runs(first: $n) { nodes { id } } }';
      return request({ body: `{"query":"${query}","variables":{"n":${number}}}` });
    },
    texts: (random) => {
      const argument = random.pick(['agentId', 'conversationId', 'id']);
      const text = anyText(random);
      const field =
        argument === 'id' ? 'run(id: $t) { id }' : `runs(first: 1, ${argument}: $t) { nodes { id } }`;
      if (random.chance(0.3)) return post({ query: `{ ${field.replace('$t', JSON.stringify(text))} }` });
      return post({ query: `query($t: ID!) { ${field} }`, variables: { t: text } });
    },
    cursors: (random) => {
      const argument = random.pick(['after', 'before']);
      const size = random.pick(['first', 'last']);
      const query = `query($c: String) { runs(${size}: 1, ${argument}: $c) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }`;
      return post({ query, variables: { c: anyText(random) } });
    },
    directives: (random) => {
      const [first, second] = [random.pick(DIRECTIVES), random.pick(DIRECTIVES)];
      const query = `query($a: Boolean${random.pick(['', '!', ' = true'])}) ${random.chance(0.2) ? first : ''} { runs(first: 1) ${first} { nodes { id ${second} ... ${first} { status } } } __typename ${second} }`;
      const accept = random.pick(['application/json', 'multipart/mixed', 'text/event-stream', '*/*']);
      const headers = { 'content-type': 'application/json', accept };
      return request({
        headers,
        body: JSON.stringify({ query, variables: { a: random.pick([true, false, null, 'x']) } }),
      });
    },
    batch: (random) => {
      const one = random.pick([
        { query: '{ __typename }' },
        { query: real(mutatedDocument(random)) },
        null,
        1,
        [],
      ]);
      return post(Array.from({ length: random.pick([0, 1, 2, 50]) }, () => one));
    },
  };
}

/** A text after some of its characters were changed, lost or doubled. */
function mutatedText(text: string, random: Random): string {
  let result = text;
  for (let changes = random.between(0, 3); changes > 0; changes--) {
    const at = random.between(0, result.length);
    const inserted = random.pick([
      '',
      'A',
      '-',
      '=',
      '\0',
      ' ',
      '\ud800',
      result.slice(0, 20),
      String.fromCharCode(random.between(0, 0xffff)),
    ]);
    result = result.slice(0, at) + inserted + result.slice(at + random.between(0, 2));
  }
  return result;
}

/** Each fragment spreads the next one twice. */
function chainOfFragments(count: number): string {
  const fragments = Array.from(
    { length: count },
    (_, index) => `fragment F${index} on Query { __typename ...F${index + 1} ...F${index + 1} }`,
  );
  return `{ ...F0 } ${fragments.join(' ')} fragment F${count} on Query { __typename }`;
}
