import { exec } from 'node:child_process';
import { globSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { nodeProblem } from '../../src/runtime/node-version.ts';
import { jsonPost } from '../support/execute.ts';
import { BLOCKS, COMMANDS, PAGES, ROOT } from './pages.ts';
import { startCommand } from './running-command.ts';

const run = promisify(exec);

/** The one command of the pages that starts so. */
function command(start: string): string {
  const [found = '', ...more] = [...COMMANDS].filter((each) => each.startsWith(start));
  expect([found === '', more]).toEqual([false, []]);
  return found;
}

it('The commands of the pages name scripts that there are', async () => {
  const scripts = new Set<string>();
  for (const folder of ['', 'examples/routers/']) {
    const { scripts: own } = JSON.parse(await readFile(`${ROOT}${folder}package.json`, 'utf8'));
    for (const name of Object.keys(own)) scripts.add(name);
  }
  const named = [...PAGES.values()].join('\n').matchAll(/npm run ([\w:-]+)/g);
  expect([...named].map(([, name = '']) => name).filter((name) => !scripts.has(name))).toEqual([]);
});

it('Packages, pages and the check at the start name the same oldest version of Node', async () => {
  const files = ['package.json', ...globSync('{bench,scripts,examples/*}/package.json', { cwd: ROOT })];
  const engines = files.map(async (file) => JSON.parse(await readFile(ROOT + file, 'utf8')).engines.node);
  const [oldest = '', ...others] = new Set(await Promise.all(engines));
  const [major = 0, minor = 0] = oldest.slice(2).split('.').map(Number);
  expect(others).toEqual([]);
  expect(nodeProblem(`${major}.${minor}.0`)).toBeUndefined();
  expect(nodeProblem(`${major}.${minor - 1}.9`)).toContain(`needs Node ${major}.${minor} `);
  for (const page of ['README.md', 'docs/deploy.md', 'docs/embedding.md'])
    expect(PAGES.get(page), page).toContain(`Node ${major}.${minor} or newer`);
});

describe('What the README starts', () => {
  it('answers the query of the README as it says there, and the request by curl', async () => {
    // Live runs would come first some day.
    await using gateway = await startCommand('npm start', { env: { PORT: '0', LIVE: 'off' } });
    const [query, answer] = ['graphql', 'json'].map(
      (wanted) =>
        BLOCKS.find(({ page, language }) => page === 'README.md' && language === wanted)?.text ?? '',
    );
    const response = await fetch(`${gateway.url}/graphql`, jsonPost({ query }));
    const timeless = (json: string): string =>
      json.replaceAll(/"(createdAt|endCursor)": ?"[^"]*"/g, '"$1":"moves with the present"');
    expect(JSON.parse(timeless(await response.text()))).toEqual(JSON.parse(timeless(answer ?? '')));

    const { stdout } = await run(command('curl -s ').replace('http://127.0.0.1:4000', gateway.url));
    expect(JSON.parse(stdout)).toMatchObject({ data: { runs: { nodes: [{}, {}] } } });
  });

  it('serves the runs of a server, here of the embedded runs API', async () => {
    const api = command('npm run runs-api -- --port 8283 --runs ')
      .replace('--port 8283', '--port 0')
      .replace('--runs 5000', '--runs 50');
    await using server = await startCommand(api);
    const start = command('LETTA_BASE_URL=http://localhost').replace('http://localhost:8283', server.url);
    await using gateway = await startCommand(start, { env: { PORT: '0' } });
    expect(gateway.greeting).toContain(`Upstream: ${server.url}\n`);
    expect(await (await fetch(`${gateway.url}/ready`)).json()).toMatchObject({ status: 'ready' });
  });

  it('has persisted documents, and can be locked to them', async () => {
    const manifest = 'examples/relay/__generated__/persisted-documents.json';
    for (const [start, locked] of [
      ['PERSISTED_DOCUMENTS=persisted-documents.json npm', false],
      ['PERSISTED_DOCUMENTS=persisted-documents.json TRUSTED', true],
    ] as const) {
      await using gateway = await startCommand(command(start).replace('persisted-documents.json', manifest), {
        env: { PORT: '0' },
      });
      const response = await fetch(`${gateway.url}/graphql?query={__typename}`);
      expect('errors' in JSON.parse(await response.text())).toBe(locked);
    }
  });

  it('asks the cloud with a key', async () => {
    await using gateway = await startCommand(command('LETTA_API_KEY='), { env: { PORT: '0' } });
    expect(gateway.greeting).toMatch(/^Upstream: https:\/\//m);
  });
});
