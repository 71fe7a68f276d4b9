import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startCommand } from '../repository/running-command.ts';
import { jsonPost } from '../support/execute.ts';
import { install, type Installation, pack } from './packed.ts';

const run = promisify(execFile);
const stack = new AsyncDisposableStack();
let files: readonly string[] = [];
let installed: Installation;

beforeAll(async () => {
  const packed = stack.use(await pack());
  files = packed.files;
  installed = stack.use(await install(packed.tarball));
}, 240_000);
afterAll(() => stack.disposeAsync());

/** The oldest Node that is supported, as npm brings it for this machine. */
const NODE_24 = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@24.16.0`;

describe('The package', () => {
  it('has the pages that the README shows and links, types, and source maps, but no tests', () => {
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    const linked = [...readme.matchAll(/\]\((docs\/[^)#]+)|src="(docs\/[^"]+)"/g)].map(
      ([, one, other]) => one ?? other,
    );
    expect(linked.length).toBeGreaterThan(10);
    expect(files).toEqual(expect.arrayContaining([...new Set(linked), 'LICENSE', 'CHANGELOG.md']));
    const compiled = files.filter(
      (file) => /^dist\/.*\.js$/.test(file) && !file.includes('/explorer/bundle/'),
    );
    expect(compiled.length).toBeGreaterThan(100);
    for (const file of compiled) {
      expect(files).toEqual(expect.arrayContaining([`${file}.map`, file.replace(/js$/, 'd.ts')]));
    }
    expect(
      files.filter((file) => /^(?:src|test|scripts|examples)\/|\.ts$(?<!\.d\.ts)|\.tgz$/.test(file)),
    ).toEqual([]);
  });

  it('works in an empty folder by npx', async ({ skip }) => {
    skip(installed.missing !== undefined, installed.missing);
    await using gateway = await startCommand(['npx', 'runs-gateway', '--port', '0'], {
      cwd: installed.folder,
    });
    await works(gateway);
  });

  it('says which package a store of the rate limit needs', async ({ skip }) => {
    skip(installed.missing !== undefined, installed.missing);
    writeFileSync(path.join(installed.folder, 'store'), 'redis://127.0.0.1:1');
    const args = ['--port', '0', '--rate-limit', '100', '--rate-limit-store-file', 'store'];
    const started = startCommand(['node_modules/.bin/runs-gateway', ...args], { cwd: installed.folder });
    await expect(started).rejects.toThrow(/^Ended with 2: .*npm install ioredis/);
  });

  it('works on Node 24.16', async ({ skip }) => {
    skip(installed.missing !== undefined, installed.missing);
    using node = await install(NODE_24);
    skip(node.missing !== undefined, node.missing);
    const binaries = path.join(node.folder, 'node_modules', NODE_24.replace(/@.*/, ''), 'bin');
    const env = { PATH: `${binaries}${path.delimiter}${process.env['PATH']}` };
    const command = path.join(installed.folder, 'node_modules/.bin/runs-gateway');
    await using gateway = await startCommand([command, '--port', '0'], { cwd: installed.folder, env });
    await works(gateway);
    expect(await gateway.stop()).toBe(0);
    const tail = startCommand([command, 'tail', '--url', `${gateway.url}/graphql`], { env });
    await expect(tail).rejects.toThrow(/^Ended with 1: runs-gateway tail: /);
  });
});

it('The package offers a gateway, its schema, and both texts of it', async ({ skip }) => {
  skip(installed.missing !== undefined, installed.missing);
  const code = `
    import { createGateway, listen } from 'runs-gateway';
    import { schema, printClientSdl, printSubgraphSdl } from 'runs-gateway/schema';
    import { readFileSync } from 'node:fs';
    const text = (name) => readFileSync(new URL(import.meta.resolve('runs-gateway/' + name)), 'utf8');
    console.log(
      [createGateway, listen].map((each) => typeof each).join(),
      schema.getQueryType().name,
      printClientSdl() === text('schema.graphql'),
      printSubgraphSdl() === text('subgraph.graphql'),
    );`;
  writeFileSync(path.join(installed.folder, 'program.mjs'), code);
  const { stdout } = await run(process.execPath, ['program.mjs'], { cwd: installed.folder });
  expect(stdout).toBe('function,function Query true true\n');
});

it('The package says in one sentence that Node is too old', async ({ skip }) => {
  skip(installed.missing !== undefined, installed.missing);
  using node = await install(NODE_24.replace('24.16.0', '22.0.0'));
  skip(node.missing !== undefined, node.missing);
  const old = path.join(node.folder, 'node_modules', NODE_24.replace(/@.*/, ''), 'bin/node');
  const sentence = 'runs-gateway needs Node 24.16 or newer, but this is Node 22.0.0.';
  const command = path.join(installed.folder, 'node_modules/.bin/runs-gateway');
  await expect(run(old, [command])).rejects.toMatchObject({ code: 1, stdout: '', stderr: `${sentence}\n` });
  const code = "import('runs-gateway').catch(({ message }) => console.log(message));";
  const { stdout } = await run(old, ['--input-type=module', '--eval', code], { cwd: installed.folder });
  expect(stdout).toBe(`${sentence}\n`);
});

/** It answers queries, and has the pages for browsers with what these load. */
async function works({ url }: { readonly url: string }): Promise<void> {
  const query = '{ runs(first: 3) { nodes { id agent { name } } } }';
  const response = await fetch(`${url}/graphql`, jsonPost({ query }));
  expect(await response.json()).toMatchObject({ data: { runs: { nodes: [{}, {}, {}] } } });
  const page = await (await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })).text();
  expect(page).toContain('NewestRuns');
  const explorer = await (await fetch(url, { headers: { accept: 'text/html' } })).text();
  const links = [...explorer.matchAll(/(?:src|href)="([^"]*explorer\/[^"]+)"/g)];
  expect(links).toHaveLength(2);
  for (const [, file = ''] of links) {
    expect((await fetch(new URL(file, url))).status, file).toBe(200);
  }
}
