import { readFileSync } from 'node:fs';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, it } from 'vitest';
import { connectMcp, ERAS } from '../support/mcp-client.ts';
import { startProgram } from '../support/program.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';

const ROOT = new URL('../..', import.meta.url).pathname.replace(/\/$/, '');
const DOCS = readFileSync(`${ROOT}/docs/mcp.md`, 'utf8');
/** The command that the docs name for clients which start their servers, as a list. */
const COMMAND = / -- (.*)/.exec(DOCS)?.[1]?.replaceAll('/path/to/runs-gateway', ROOT).split(' ') ?? [];

it.each(ERAS)(
  'The command of the docs serves a client of %s by standard input and output, with no other Node',
  async (era) => {
    await using upstream = await startRawUpstream(answerWith(200, '[]'));
    const transport = new StdioClientTransport({
      command: COMMAND[0] ?? '',
      args: [...COMMAND.slice(1), '--upstream', upstream.baseUrl, '--agents', 'stub'],
      env: { PATH: '', LETTA_API_KEY: 'key', ACCESS_TOKENS: 'for-others', MCP_WRITE: 'on' },
      stderr: 'pipe',
    });
    let logged = '';
    transport.stderr?.on('data', (chunk: Buffer) => (logged += chunk.toString()));
    const { client, call } = await connectMcp(transport, era);
    expect((await client.listTools()).tools).toHaveLength(10);
    expect((await call('list_runs')).data).toMatchObject({ runs: [], rest: 'This is all.' });
    await client.close();
    await expect.poll(() => logged).toContain('"operation":"McpListRuns"');
  },
);

it('runs-gateway mcp ends with its input, and prints nothing else', async () => {
  await using program = startProgram(['mcp']);
  program.process.stdin?.end();
  expect(await program.ended).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('runs-gateway mcp refuses a configuration that serve refuses', async () => {
  await using program = startProgram(['mcp', '--upstream', 'nowhere']);
  expect(await program.ended).toMatchObject({
    code: 2,
    stdout: '',
    stderr: expect.stringMatching(/^--upstream: /),
  });
});
