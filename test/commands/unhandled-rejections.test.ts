import process from 'node:process';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { connectMcp, ERAS } from '../support/mcp-client.ts';
import { newFolder } from '../support/new-folder.ts';
import { startProgram } from '../support/program.ts';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
/** The promise is nobody's: neither Yoga nor the gateway can wait for it. */
const PLUGIN = `const fail = async () => { throw new Error('of the plugin'); };
export default [{ onParse: () => void fail() }];`;
const LOGGED = /"stack":"Error: of the plugin\\n.*"msg":"Unexpected error"/;

it('A promise that a plugin drops is logged when it rejects, and the gateway goes on', async () => {
  using folder = newFolder();
  const env = { PLUGINS: folder.file('plugin.mjs', PLUGIN), PORT: '0' };
  await using program = startProgram([], env);
  for (const field of ['__typename', '__schema { queryType { name } }']) {
    const response = await fetch(`${await program.url}/graphql?query={ ${field} }`);
    expect(await response.json()).toMatchObject({ data: {} });
  }
  await expect.poll(program.logged).toMatch(LOGGED);
  program.process.kill('SIGTERM');
  expect((await program.ended).code).toBe(0);
});

it('A promise that a plugin drops does not end runs-gateway mcp', async () => {
  using folder = newFolder();
  const env = { PLUGINS: folder.file('plugin.mjs', PLUGIN) };
  const args = [MAIN, 'mcp', '--sample-runs'];
  const transport = new StdioClientTransport({ command: process.execPath, args, env, stderr: 'pipe' });
  let logged = '';
  transport.stderr?.on('data', (chunk: Buffer) => (logged += chunk.toString()));
  const { client, call } = await connectMcp(transport, ERAS[0]);
  expect((await call('list_runs')).isError).toBe(false);
  await expect.poll(() => logged).toMatch(LOGGED);
  expect((await client.listTools()).tools).not.toEqual([]);
  await client.close();
});
