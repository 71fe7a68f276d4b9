import { describe, expect, it } from 'vitest';
import { replaceMarked } from '../../scripts/docs/marked-section.ts';
import type { Report } from '../../src/doctor/finding.ts';
import { reportLine, reportText } from '../../src/doctor/report-text.ts';
import { PAGES, ROOT } from '../repository/pages.ts';
import { startRawUpstream } from '../support/raw-upstream.ts';
import { type Case, CASES } from './doctor-cases.ts';
import { examineCase } from './examine-case.ts';
import type { ScriptedAnswer } from './examined-upstream.ts';

describe('The doctor', () => {
  it('gives up a server that does not answer, after UPSTREAM_TIMEOUT_MS', async () => {
    await using silent = await startRawUpstream(() => undefined);
    const origin = new URL(silent.baseUrl).host;
    const { findings, requests } = await examineCase({
      name: 'It is silent',
      origin,
      options: { timeoutMs: 50 },
      finds: [],
    });
    expect(requests).toBe(1);
    expect(findings[0]).toMatchObject({
      level: 'problem',
      check: 'connection',
      text: 'GET /v1/health/: no response within 50 ms',
      advice: 'Raise UPSTREAM_TIMEOUT_MS, or look why the runs API is slow.',
    });
  });

  it('takes a key that is worth something with its project only', async () => {
    const { findings } = await examineCase({
      name: 'A key of one project',
      answer: (answer, url, headers) =>
        url.pathname.startsWith('/v1/health') || headers['x-project'] === 'mine'
          ? answer
          : { ...answer, status: 400, body: '{"detail":"X-Project is required"}' },
      options: { project: { 'x-project': 'mine' } },
      finds: [],
    });
    expect(findings.filter(({ level }) => level !== 'ok')).toEqual([]);
    expect(findings.find(({ check }) => check === 'project')?.text).toBe('mine is needed, and accepted');
  });

  const SECRET = 'sk-let-same-as-here';
  it.each<[string, NonNullable<Case['answer']>]>([
    ['a version', (answer) => ({ ...answer, body: `{"version":"${SECRET}"}` })],
    ['an address', (answer) => ({ ...answer, status: 301, headers: { location: `/${SECRET}` } })],
    ['a type', (answer) => ({ ...answer, headers: { 'content-type': SECRET }, body: '' })],
    ['an error', (answer) => ({ ...answer, status: 500, body: SECRET })],
    ['a field', (answer) => ({ ...answer, body: answer.body.replaceAll('"id"', `"${SECRET}":1,"id"`) })],
    ['an id', (answer) => ({ ...answer, body: answer.body.replaceAll(/"run-[^"]*"/g, `"${SECRET}"`) })],
  ])('redacts a secret where the upstream says it as %s', async (_name, answer) => {
    const report = await examineCase({ name: '', answer, options: { secrets: [SECRET] }, finds: [] });
    const text = JSON.stringify(report);
    expect(text).toContain('[redacted]');
    expect(text).not.toContain(SECRET.slice(0, 8));
  });

  it('looks for the rest of a page that may have been cut short, as the gateway does', async () => {
    const { findings } = await examineCase({
      name: 'Cut at 100',
      runs: 150,
      ask(url) {
        if (Number(url.searchParams.get('limit')) > 100) url.searchParams.set('limit', '100');
        return url;
      },
      finds: [],
    });
    expect(findings.filter(({ level }) => level !== 'ok')).toMatchObject([
      { level: 'note', check: 'full pages', facts: { rows: 100 } },
    ]);
  });

  it.each([
    ['is', {}, 'Letta 0.16.7, cursors reversed, 12 ms', 6],
    [
      'is, where it ignores cursors',
      CASES.find(({ name }) => name === 'Cursors are ignored'),
      'runs: cursors are ignored',
      5,
    ],
    [
      'is, where it is too old and knows no runs',
      {
        answer: (answer: ScriptedAnswer, { pathname }: URL) =>
          pathname.startsWith('/v1/health')
            ? { ...answer, body: '{"version":"0.6.0"}' }
            : { ...answer, status: 404, body: '{"detail":"Not Found"}' },
      },
      'server: Letta 0.6.0 is too old',
      2,
    ],
  ] as const)(
    'says in one line what an upstream %s, by few requests',
    async (_what, each, line, requests) => {
      const report = await examineCase({ name: '', finds: [], ...each }, true);
      expect(reportLine(report)).toContain(`Upstream http://localhost:8283: ${line}`);
      expect(report.requests).toBe(requests);
    },
  );
});

const reports = new Map<Case, Promise<Report>>();

/** Examines each case once. */
function reportOf(each: Case): Promise<Report> {
  const report = reports.get(each) ?? examineCase(each);
  reports.set(each, report);
  return report;
}

describe('The doctor finds', () => {
  it.each(CASES)('$name', async (each) => {
    const { findings, requests } = await reportOf(each);
    expect(requests).toBeLessThanOrEqual(50);
    const unusual = findings.filter(({ level }) => level !== 'ok' && level !== 'skipped');
    expect(
      unusual.map(({ level, check }) => `${level} ${check}`),
      JSON.stringify(findings, null, 1),
    ).toEqual(each.finds);
  });
});

/** To write what has changed: `npx vitest run test/commands/examine.test.ts -u`. */
it('The page of the doctor shows what it says', async () => {
  const sections: string[] = [];
  for (const each of CASES) {
    const lines = reportText(await reportOf(each));
    const shown = sections.length === 0 ? lines : lines.filter((line) => !line.startsWith('ok '));
    sections.push(`### ${each.name}\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``);
  }
  const page = replaceMarked(
    PAGES.get('docs/doctor-messages.md') ?? '',
    'doctor-cases',
    sections.join('\n\n'),
  );
  await expect(page).toMatchFileSnapshot(`${ROOT}docs/doctor-messages.md`);
});
