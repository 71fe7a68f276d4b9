import { UpstreamError } from '../errors/upstream-error.ts';
import { redactError } from '../upstream/http/redact.ts';
import type { Check } from './check.ts';
import { credentials, project } from './checks/access.ts';
import { durations, fullPages, internalList, repeatedKeys } from './checks/behaviour.ts';
import { connection } from './checks/connection.ts';
import { lists } from './checks/lists.ts';
import { rows } from './checks/rows.ts';
import { server } from './checks/server.ts';
import { clock, latency, quota } from './checks/time.ts';
import { type ExaminedUpstream, TimeOverError } from './examined-upstream.ts';
import { explain } from './explain.ts';
import { type Facts, type Finding, type NamedFinding, type Report, skipped } from './finding.ts';

/** All checks, in the order in which they are made and shown. */
const CHECKS: readonly Check[] = [
  connection,
  credentials,
  project,
  latency,
  rows,
  clock,
  ...lists,
  fullPages,
  repeatedKeys,
  internalList,
  durations,
  server,
  quota,
];

/**
 * Examines an upstream, by about thirty GETs. A check that fails is a problem, and doesn't keep others
 * from being made.
 *
 * @param isQuick whether only those checks are made that take few requests: about five
 */
export async function examine(upstream: ExaminedUpstream, { isQuick = false } = {}): Promise<Report> {
  const { now } = upstream;
  const start = now();
  const findings: NamedFinding[] = [];
  const levelsOf = (name: string) => findings.filter(({ check }) => check === name).map(({ level }) => level);
  const factsOf = (name: string): Facts => findings.find(({ check }) => check === name)?.facts ?? {};
  for (const check of CHECKS) {
    if (isQuick && !check.isQuick) continue;
    const missing = check.needs.find((name) => /problem|skipped/.test(levelsOf(name).join()));
    const found = missing === undefined ? await made(check, upstream, factsOf) : skipped(`needs ${missing}`);
    findings.push(...[found].flat().map((each) => ({ check: check.name, ...shown(each) })));
  }
  return {
    upstream: upstream.options.baseUrl,
    findings,
    requests: upstream.requests,
    milliseconds: now() - start,
  };
}

async function made(
  check: Check,
  upstream: ExaminedUpstream,
  factsOf: (name: string) => Facts,
): Promise<Finding | readonly Finding[]> {
  try {
    return await check.run(upstream, factsOf);
  } catch (error) {
    if (error instanceof UpstreamError) return explain(redactError(error, upstream.secrets));
    if (error instanceof TimeOverError) return skipped(error.message);
    throw error;
  }
}

/** Makes a finding of which all can be printed: what the upstream says may be anything. */
function shown(finding: Finding): Finding {
  const { text, advice, brief, facts = {} } = finding;
  const cleanFacts = Object.entries(facts).map(
    ([name, value]) => [name, typeof value === 'string' ? oneLine(value) : value] as const,
  );
  return {
    ...finding,
    text: oneLine(text),
    ...(advice !== undefined && { advice: oneLine(advice) }),
    ...(brief !== undefined && { brief: oneLine(brief) }),
    ...(finding.facts && { facts: Object.fromEntries(cleanFacts) }),
  };
}

/** Returns a text without control characters, and not long. */
export function oneLine(text: string): string {
  // oxlint-disable-next-line no-control-regex -- Terminals obey them.
  return text.replaceAll(/[\u0000-\u001f\u007f-\u009f\s]+/g, ' ').slice(0, 300);
}
