import type { ExaminedUpstream } from './examined-upstream.ts';
import type { Facts, Finding } from './finding.ts';

/** One thing that is found out about an upstream. */
export interface Check {
  readonly name: string;
  /** The checks before it without which it makes no sense: it is skipped if one of them found a problem. */
  readonly needs: readonly string[];
  /** Whether it is also made when the gateway starts. @default false */
  readonly isQuick?: true;
  /**
   * @param found the facts that a check before this one found; empty if it was skipped
   * @throws UpstreamError for a request that failed: that is a problem
   */
  readonly run: (
    upstream: ExaminedUpstream,
    found: (check: string) => Facts,
  ) => Promise<Finding | readonly Finding[]>;
}
