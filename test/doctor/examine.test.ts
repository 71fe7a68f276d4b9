import { describe, expect, it } from 'vitest';
import { replaceMarked } from '../../scripts/docs/marked-section.ts';
import type { Report } from '../../src/doctor/finding.ts';
import { reportLine, reportText } from '../../src/doctor/report-text.ts';
import { PAGES, ROOT } from '../docs/pages.ts';
import { startRawUpstream } from '../support/raw-upstream.ts';
import { type Case, CASES } from './cases.ts';
import { examineCase } from './examination.ts';

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

  it.each([
    ['is', {}, 'Letta 0.16.7, cursors reversed, 12 ms', 6],
    [
      'is, where it ignores cursors',
      CASES.find(({ name }) => name === 'Cursors are ignored'),
      'runs: cursors are ignored',
      5,
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

/** To write what has changed: `npx vitest run test/doctor/examine.test.ts -u`. */
it('The page of the doctor shows what it says', async () => {
  const sections: string[] = [];
  for (const each of CASES) {
    const lines = reportText(await reportOf(each));
    const shown = sections.length === 0 ? lines : lines.filter((line) => !line.startsWith('ok '));
    sections.push(`### ${each.name}\n\n\`\`\`text\n${shown.join('\n')}\n\`\`\``);
  }
  const page = replaceMarked(PAGES.get('docs/doctor.md') ?? '', 'doctor-cases', sections.join('\n\n'));
  await expect(page).toMatchFileSnapshot(`${ROOT}docs/doctor.md`);
});
