import { UpstreamError } from '../errors/upstream-error.ts';
import { redact } from '../upstream/http/redact.ts';
import { checkCredentials, checkProject } from './checks/account.ts';
import { checkHealth } from './checks/health-check.ts';
import { checkRuns } from './checks/runs.ts';
import type { ExaminedUpstream } from './examined-upstream.ts';
import { explain } from './explain.ts';
import type { Finding, Report, Status } from './finding.ts';

type Checks = Readonly<Record<string, (upstream: ExaminedUpstream) => Promise<Finding | readonly Finding[]>>>;

/** The checks that the gateway makes when it starts, by a few small requests. */
export const START_CHECKS: Checks = {
  connection: checkHealth,
  credentials: checkCredentials,
  project: checkProject,
};
/** All checks, in the order in which they are made and shown. */
const CHECKS: Checks = { ...START_CHECKS, runs: checkRuns };
/** If one of these checks finds a problem, the examination ends: all other checks would fail as well. */
const VITAL = ['connection', 'credentials'];

/** Examines an upstream, by about ten GETs. A check that fails is a problem. */
export async function examine(upstream: ExaminedUpstream, checks = CHECKS): Promise<Report> {
  const { options, now } = upstream;
  const secrets = [...options.secrets, options.apiKey ?? ''];
  const start = now();
  const findings: Report['findings'][number][] = [];
  for (const [check, run] of Object.entries(checks)) {
    if (findings.some((finding) => finding.status === 'problem' && VITAL.includes(finding.check))) break;
    const result = await run(upstream).catch((error: unknown) => {
      if (error instanceof UpstreamError) return explain(error, options.upstreamProxy);
      throw error;
    });
    for (const { status, text, advice } of [result].flat()) {
      const finding = { check, status, text: printable(text, secrets) };
      findings.push(advice === undefined ? finding : { ...finding, advice: printable(advice, secrets) });
    }
  }
  const worst = (['problem', 'warning'] satisfies Status[]).find((status) =>
    findings.some((finding) => finding.status === status),
  );
  const milliseconds = now() - start;
  return { status: worst ?? 'ok', upstream: options.upstreamUrl, findings, milliseconds };
}

/** Removes secrets, and control characters, by which a text of the upstream could control the terminal. */
function printable(text: string, secrets: readonly string[]): string {
  return redact(text, secrets)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .slice(0, 300);
}

/** Returns the lines of a report for people. */
export function reportText({ status, upstream, findings, milliseconds }: Report): readonly string[] {
  const missing = Object.keys(CHECKS).filter((name) => !findings.some(({ check }) => check === name));
  return [
    upstream,
    '',
    ...findings.flatMap(({ status: each, check, text, advice }) => {
      const start = each.padEnd(9) + check.padEnd(13);
      return [start + text, ...(advice === undefined ? [] : [' '.repeat(start.length) + advice])];
    }),
    ...(missing.length === 0 ? [] : [`not checked: ${missing.join(', ')}`]),
    '',
    `${status === 'ok' ? 'all is well' : `there is a ${status}`}; ${milliseconds} ms`,
  ];
}

/** Returns a report in one line: what was found, or only the first problem. */
export function reportLine({ upstream, findings }: Report): string {
  const first = findings.find(({ status }) => status === 'problem');
  if (first !== undefined) {
    const more = '(More: npm run doctor, or runs-gateway doctor)';
    return `Upstream ${upstream}: ${first.check}: ${first.text}. ${first.advice} ${more}`;
  }
  return `Upstream ${upstream}: ${findings.map(({ text }) => text).join('; ')}`;
}
