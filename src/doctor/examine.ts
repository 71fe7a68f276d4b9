import { UpstreamError } from '../errors/upstream-error.ts';
import { redact } from '../upstream/http/redact.ts';
import { credentials, project } from './checks/access.ts';
import { clock, connection } from './checks/connection.ts';
import { runs } from './checks/runs.ts';
import type { ExaminedUpstream } from './examined-upstream.ts';
import { explain } from './explain.ts';
import type { Finding, Report, Status } from './finding.ts';

type Check = (upstream: ExaminedUpstream) => Promise<Finding | readonly Finding[]>;

type Checks = Readonly<Record<string, Check>>;

/** The checks that are made when the gateway starts, by a few small requests. */
export const START_CHECKS: Checks = { connection, credentials, project };
/** All checks, in the order in which they are made and shown. */
const CHECKS: Checks = { ...START_CHECKS, clock, runs };
/** Without them, no other check makes sense. */
const VITAL = ['connection', 'credentials'];

/** Examines an upstream, by about ten GETs. A check that fails is a problem. */
export async function examine(upstream: ExaminedUpstream, checks = CHECKS): Promise<Report> {
  const { options, now } = upstream;
  const secrets = [...options.secrets, options.apiKey ?? ''];
  const start = now();
  const findings: Report['findings'][number][] = [];
  for (const [check, run] of Object.entries(checks)) {
    if (findings.some((found) => found.status === 'problem' && VITAL.includes(found.check))) break;
    const found = await run(upstream).catch((error: unknown) => {
      if (error instanceof UpstreamError) return explain(error, options.proxy);
      throw error;
    });
    for (const { status, text, advice } of [found].flat()) {
      const shown = { check, status, text: printable(text, secrets) };
      findings.push(advice === undefined ? shown : { ...shown, advice: printable(advice, secrets) });
    }
  }
  const worst = (['problem', 'warning'] satisfies Status[]).find((status) =>
    findings.some((found) => found.status === status),
  );
  const milliseconds = now() - start;
  return { status: worst ?? 'ok', upstream: options.baseUrl, findings, milliseconds };
}

/** Returns a text that terminals can show: what the upstream says may be anything. */
function printable(text: string, secrets: readonly string[]): string {
  return redact(text, secrets)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .slice(0, 300);
}

/** Writes a report as a person reads it, in lines. */
export function reportText({ status, upstream, findings, milliseconds }: Report): readonly string[] {
  const missing = Object.keys(CHECKS).filter((name) => !findings.some(({ check }) => check === name));
  return [
    upstream,
    '',
    ...findings.flatMap((found) => {
      const start = `${found.status.padEnd(9)}${found.check.padEnd(13)}`;
      const { text, advice } = found;
      return [start + text, ...(advice === undefined ? [] : [' '.repeat(start.length) + advice])];
    }),
    ...(missing.length === 0 ? [] : [`not checked: ${missing.join(', ')}`]),
    '',
    `${status === 'ok' ? 'all is well' : `there is a ${status}`}; ${milliseconds} ms`,
  ];
}

/** Says in one line which upstream it is, or what the first problem is. */
export function reportLine({ upstream, findings }: Report): string {
  const first = findings.find(({ status }) => status === 'problem');
  if (first !== undefined) {
    const more = '(More: npm run doctor, or runs-gateway doctor)';
    return `Upstream ${upstream}: ${first.check}: ${first.text}. ${first.advice} ${more}`;
  }
  return `Upstream ${upstream}: ${findings.map(({ text }) => text).join('; ')}`;
}
