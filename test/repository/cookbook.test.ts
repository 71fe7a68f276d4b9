import { exec, execFile } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { promisify } from 'node:util';
import { getOperationAST, OperationTypeNode, parse } from 'graphql';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/listen.ts';
import { execute, jsonPost } from '../support/execute.ts';
import { forAll } from '../support/for-all.ts';
import { BLOCKS, COMMANDS, PAGES } from './pages.ts';

const PAGE = 'docs/cookbook.md';
const ADDRESS = 'http://127.0.0.1:4000';

const DAY_MS = 86_400_000;
const ago = (ms: number): string => new Date(Date.now() - ms).toISOString();
const TEXT = PAGES.get(PAGE) ?? '';

/** A question of the page with its query, the variables that it names, and the answer that it shows. */
const SECTIONS = TEXT.split(/^## /m)
  .slice(1)
  .flatMap((section) => {
    const [, text] = /^```graphql\n(.*?)^```$/ms.exec(section) ?? [];
    if (text === undefined) return [];
    const [, variables = '{}'] = /^Variables: `(.*?)`/m.exec(section) ?? [];
    const [, answer = '{}'] = /^```json\n(.*?)^```$/ms.exec(section) ?? [];
    const operation = getOperationAST(parse(text))?.operation;
    const [question = ''] = section.split('\n');
    return [{ question, text, variables: JSON.parse(variables), answer: JSON.parse(answer), operation }];
  });

/** The questions of a table, each with its query, with times as they would be for a reader. */
const ROWS = [...TEXT.matchAll(/^\| (.*?) +\| `(\{ .* \})` *\|$/gm)].map(([, question = '', query = '']) => {
  const text = query
    .replace(/createdAfter: ".*?"/, `createdAfter: "${ago(7 * DAY_MS)}"`)
    .replace(/createdBefore: ".*?"/, `createdBefore: "${ago(600_000)}"`);
  return { question, text, variables: {}, answer: {}, operation: OperationTypeNode.QUERY };
});

const RECIPES = [...SECTIONS, ...ROWS];

const gateway = await forAll(createGateway());
const listener = await forAll(listen(gateway, { host: '127.0.0.1', port: 0 }));

/** Where what came back isn't like what the page shows: a field or an item that is missing, another type, null for a value. */
function differences(shown: unknown, got: unknown, path = 'data'): readonly string[] {
  if (shown === null || got === null) return shown === got ? [] : [`${path} is ${String(got)}`];
  if (Array.isArray(shown) && Array.isArray(got)) {
    if (shown.length > 0 && got.length === 0) return [`${path} is empty`];
    return differences(shown[0], got[0], `${path}[0]`);
  }
  if (typeof shown !== typeof got) return [`${path} is ${typeof got}`];
  if (typeof shown !== 'object') return [];
  return Object.entries(Object(shown)).flatMap(([key, value]) =>
    differences(value, Object(got)[key], `${path}.${key}`),
  );
}

describe('The cookbook', () => {
  it.each(RECIPES.filter(({ operation }) => operation !== OperationTypeNode.SUBSCRIPTION))(
    'answers: $question',
    async ({ text, variables, answer }) => {
      const { data, errors } = await execute<Record<string, unknown>>(
        gateway,
        text,
        'since' in variables ? { ...variables, since: ago(7 * DAY_MS) } : variables,
      );
      expect(errors).toBeUndefined();
      expect(Object.values(data ?? {})).not.toContain(null);
      expect(Object.values(data ?? {})).not.toContainEqual(expect.objectContaining({ nodes: [] }));
      expect(differences(answer, data)).toEqual([]);
    },
  );

  it.each(RECIPES.filter(({ operation }) => operation === OperationTypeNode.SUBSCRIPTION))(
    'answers as it happens: $question',
    async ({ text, variables }) => {
      const { data } = await execute<{ runs: { nodes: { id: string }[] } }>(
        gateway,
        '{ runs(first: 5, statuses: [FAILED]) { nodes { id } } }',
      );
      const abort = new AbortController();
      const operation = { query: text, variables: { ...variables, id: data?.runs.nodes[0]?.id } };
      const init = jsonPost(operation, { accept: 'text/event-stream' });
      const response = await fetch(`${listener.url}/graphql`, { ...init, signal: abort.signal });
      let received = '';
      for await (const chunk of response.body ?? []) {
        received += Buffer.from(chunk).toString();
        if (received.includes('event: next')) break;
      }
      abort.abort();
      expect(received).toMatch(/^data: \{"data":\{"run(?:Updates|Events)":\{/m);
    },
  );

  it('has programs that print every run as CSV, and cancel what is stuck', { timeout: 60_000 }, async () => {
    const programs = BLOCKS.filter(({ page, language }) => page === PAGE && language === 'js');
    const printed: string[] = [];
    for (const { text } of programs) {
      const program = text.replaceAll(ADDRESS, listener.url);
      const child = execFile(process.execPath, ['--input-type=module', '--eval', program]);
      let output = '';
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += chunk));
      await once(child, 'close');
      printed.push(output);
    }
    const [cancelling, csv = ''] = printed;
    expect(cancelling).toMatch(/^\d+ sent, \d+ not cancelled/);
    // Some agents of the samples wait for an approval, which is not to be denied.
    expect(cancelling?.match(/code: '\w+'/g) ?? []).not.toContainEqual(
      expect.not.stringContaining('WOULD_DENY_APPROVAL'),
    );
    expect(csv.trim().split('\n').length).toBeGreaterThan(2000);
    expect(csv).toMatch(/^id,agentId,status,.*\nrun-/);
  });

  it('has a command that counts failures', async () => {
    const [command = ''] = [...COMMANDS].filter((each) => each.includes('1 hour ago'));
    const { stdout } = await promisify(exec)(command.replace(ADDRESS, listener.url));
    expect(JSON.parse(stdout)).toMatchObject({ data: { runStats: { count: {} } } });
  });
});
