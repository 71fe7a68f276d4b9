import { describe, expect, it } from 'vitest';
import { startProgram } from '../support/program.ts';
import { runCommand } from '../support/run-command.ts';

/** Runs the doctor to its end. */
const doctor = (env: Record<string, string>, ...args: string[]) => runCommand(['doctor', ...args], env);

describe('runs-gateway doctor', () => {
  it('examines the embedded runs API without an upstream, and exits with 0', async () => {
    const { code, stdout, stderr } = await doctor({});
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^No upstream is set\. This is the embedded runs API with sample runs:\nhttp:/);
    expect(stdout).toMatch(/\nall is well; \d+ ms\n$/);
  });

  it('exits with 1 for problems, and prints JSON for programs', async () => {
    const { code, stdout, stderr } = await doctor({ LETTA_BASE_URL: 'http://127.0.0.1:1' }, '--json');
    expect([code, stderr]).toEqual([1, '']);
    expect(JSON.parse(stdout)).toEqual({
      status: 'problem',
      upstream: 'http://127.0.0.1:1',
      findings: [
        {
          check: 'connection',
          status: 'problem',
          text: 'the connection is refused: nothing listens there',
          advice: 'Start the runs API, or correct LETTA_BASE_URL.',
        },
      ],
      milliseconds: expect.any(Number),
    });
  });
});

/** Starts a gateway, which serves whatever its upstream is like, and returns what it logs of that. */
async function lineAtStart(env: Record<string, string>): Promise<{ level: number; msg: string }> {
  await using program = startProgram(['--port', '0'], env);
  expect((await fetch(`${await program.url}/health`)).status).toBe(200);
  const line = () => program.logged().match(/^.*"Upstream .*$/m)?.[0];
  await expect.poll(line).toBeDefined();
  return JSON.parse(line() ?? '');
}

it('A gateway that has started logs which upstream it is, or what is wrong with it', async () => {
  await using api = startProgram(['runs-api', '--port', '0', '--runs', '50', '--password', 'sesame']);
  const url = await api.url;
  const line = await lineAtStart({ LETTA_BASE_URL: url, LETTA_API_KEY: 'sesame' });
  expect(line.level).toBe(30);
  expect(line.msg).toMatch(
    /^Upstream http:.*: Letta 0\.16\.7, in \d+ ms .*; the key is accepted; .*; no project is set$/,
  );
  const refused = await lineAtStart({ LETTA_BASE_URL: url, LETTA_API_KEY: 'simsalabim' });
  expect(refused.level).toBe(40);
  expect(refused.msg).toMatch(/: credentials: the key is refused \(401\)\. Correct LETTA_API_KEY/);
  expect(refused.msg).not.toContain('simsalabim');
});
