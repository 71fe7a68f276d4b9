import { examine } from '../../src/doctor/examine.ts';
import { createExaminedUpstream } from '../../src/doctor/examined-upstream.ts';
import type { Report } from '../../src/doctor/finding.ts';
import type { Case } from './doctor-cases.ts';
import { startScripted } from './examined-upstream.ts';

/** Examines the upstream of a case, by a clock that only requests move. */
export async function examineCase(
  { scheme = 'http://', path = '', options, ...script }: Case,
  isQuick = false,
): Promise<Report> {
  await using scripted = await startScripted(script);
  const origin = script.origin ?? scripted.origin;
  await using upstream = createExaminedUpstream({
    baseUrl: `${scheme}${origin}${path}`,
    timeoutMs: 10_000,
    maxBytes: 10_000_000,
    credentials: {},
    project: {},
    secrets: [],
    forcedDialect: undefined,
    rowCopying: true,
    now: scripted.now,
    ...options,
  });
  const report = await examine(upstream, { isQuick });
  // A port is of no interest.
  const text = JSON.stringify(report).replaceAll(origin, 'localhost:8283');
  return JSON.parse(text) as Report;
}
