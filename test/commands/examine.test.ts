import { describe, expect, it } from 'vitest';
import { checkProject } from '../../src/doctor/checks/account.ts';
import { reportText } from '../../src/doctor/examine.ts';
import { createExaminedUpstream } from '../../src/doctor/examined-upstream.ts';
import { startRawUpstream } from '../support/raw-upstream.ts';
import { CASES } from './doctor-cases.ts';
import { examineScripted, type Script } from './examine-scripted.ts';

const textOf = async (script: Script): Promise<string> =>
  reportText(await examineScripted(script)).join('\n');

describe('runs-gateway doctor', () => {
  it('shows what it has seen', async () => {
    const text = await textOf({});
    expect(text.replace(/\d{4}-[^Z]*Z/, 'TIME')).toBe(`http://HOST

ok       connection   Letta 0.16.7, in 0 ms with connecting
ok       credentials  no key is needed; the newest run was created at TIME
ok       project      no project is set
ok       runs         cursors reversed
ok       runs         pages of 1000; 60 runs in 0 ms

all is well; 0 ms`);
  });

  it('says what to do, and what it could not check', async () => {
    expect(await textOf({ api: { password: 'sesame' } })).toBe(`http://HOST

ok       connection   Letta 0.16.7, in 0 ms with connecting
problem  credentials  a key is needed (401), and none is set
                      Set LETTA_API_KEY, unless all callers send an Authorization of their own.
not checked: project, runs

there is a problem; 0 ms`);
  });

  it('finds out cursors and page sizes as the gateway does', async () => {
    expect(await textOf({ api: { dialect: 'documented', maxLimit: 10 } })).toMatch(
      /runs {9}cursors documented\n.* pages of 10; 60 runs /,
    );
    expect(await textOf({ api: { runs: 1 } })).toContain('too few runs to detect cursors and page sizes');
  });

  it('says what a key and a project are worth', async () => {
    const text = await textOf({
      api: { profile: 'cloud' },
      options: { apiKey: 'sk-let-1', project: { 'x-project': 'second-project' } },
    });
    expect(text).toContain('credentials  the key is accepted; the newest run was created at ');
    expect(text).toContain('project      second-project selects some of the runs');
    expect(await textOf({ options: { project: { 'x-project-id': '1' } } })).toContain(
      'project      1 makes no difference to what is read',
    );
  });

  it('says that Letta Cloud chooses a project where none is set', async () => {
    const limits = { upstreamTimeoutMs: 1000, maxBytes: 1000, upstreamMaxInFlight: 1 };
    const reached = { upstreamUrl: 'https://api.letta.com', upstreamDialect: 'auto' } as const;
    const options = { ...reached, ...limits, project: {}, secrets: [] };
    await using upstream = createExaminedUpstream(options);
    const text = 'no project is set: Letta Cloud chooses one';
    expect(await checkProject(upstream)).toMatchObject({ status: 'warning', text });
  });

  it('gives up a server that does not answer, after UPSTREAM_TIMEOUT_MS', async () => {
    await using silent = await startRawUpstream(() => undefined);
    const { findings } = await examineScripted({
      baseUrl: silent.baseUrl,
      options: { upstreamTimeoutMs: 50 },
    });
    expect(findings).toEqual([
      {
        status: 'problem',
        check: 'connection',
        text: 'GET /v1/health/: no answer within 50 ms',
        advice: 'Raise UPSTREAM_TIMEOUT_MS, or find out why the runs API is slow.',
      },
    ]);
  });

  it('names the proxy on the way, without its credentials', async () => {
    const upstreamProxy = 'http://user:hush@127.0.0.1:1';
    const [found] = (await examineScripted({ options: { upstreamProxy } })).findings;
    expect(found).toEqual({
      status: 'problem',
      check: 'connection',
      text: 'the connection is refused: nothing listens there, through the proxy http://127.0.0.1:1',
      advice: expect.stringMatching(/ Or correct HTTPS_PROXY, HTTP_PROXY or NO_PROXY\.$/),
    });
  });

  const SECRET = 'sk-let-same-as-here';
  it.each<[string, NonNullable<Script['answer']>]>([
    ['a version', (answer) => ({ ...answer, body: `{"version":"${SECRET}"}` })],
    ['an address', (answer) => ({ ...answer, status: 301, headers: { location: `/${SECRET}` } })],
    [
      'an error',
      (answer, url) => (url.pathname === '/v1/runs/' ? { ...answer, status: 500, body: SECRET } : answer),
    ],
    ['an id', (answer) => ({ ...answer, body: answer.body.replaceAll(/"run-[^"]*"/g, `"${SECRET}"`) })],
  ])('redacts a secret where the upstream says it as %s', async (_name, answer) => {
    for (const options of [{ secrets: [SECRET] }, { apiKey: SECRET }]) {
      const text = await textOf({ answer, options });
      expect(text).toContain('[redacted]');
      expect(text).not.toContain(SECRET.slice(0, 8));
    }
  });

  it('shows no control characters of the upstream', async () => {
    const text = await textOf({
      answer: (answer) => ({ ...answer, body: String.raw`{"version":"0.16.7\u001b[2J\n"}` }),
    });
    // oxlint-disable-next-line no-control-regex -- What terminals obey.
    expect(text).not.toMatch(/\u001b/);
    expect(text).toContain('Letta 0.16.7 [2J');
  });

  it.each(CASES.map(([name, script, ...finds]) => [name, script, finds] as const))(
    'finds: %s',
    async (_name, script, finds) => {
      const { findings, status } = await examineScripted(script);
      const unusual = findings.filter((found) => found.status !== 'ok');
      expect(unusual).toMatchObject(
        finds.map(([what, text, advice = '']) => ({
          status: what.split(' ')[0],
          check: what.split(' ')[1],
          text: expect.stringContaining(text),
          advice: expect.stringContaining(advice),
        })),
      );
      const worst = ['problem', 'warning'].find((each) => finds.some(([what]) => what.startsWith(each)));
      expect(status).toBe(worst ?? 'ok');
    },
  );
});
