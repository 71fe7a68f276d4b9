import type { ExaminedUpstream } from '../examined-upstream.ts';
import { type Finding, ok, problem, warning } from '../finding.ts';

/** Clock skew in seconds from which there is a warning, and from which there is a problem. */
const SKEW_WARNING = 2;
const SKEW_PROBLEM = 10;

/** Whether the upstream's clock, by its `Date` header, is that of this machine. */
export async function checkClock(upstream: ExaminedUpstream): Promise<Finding> {
  const { headers, milliseconds } = await upstream.health();
  const here = upstream.now();
  const there = Date.parse(String(headers['date']));
  if (Number.isNaN(there)) return ok('unknown: answers have no Date header');
  // The header has whole seconds, and the answer was on its way for some time.
  const ahead = Math.max(there - here, 0) / 1000;
  const behind = Math.max(here - milliseconds - there - 1000, 0) / 1000;
  const skew = Math.max(ahead, behind);
  if (skew <= SKEW_WARNING) return ok('the same as here');
  return (skew > SKEW_PROBLEM ? problem : warning)(
    `${Math.round(skew)} s ${ahead > 0 ? 'ahead of' : 'behind'} this machine's`,
    'Set both clocks by NTP: periods such as "the last hour" are off by as much.',
  );
}
