import { afterAll, beforeAll, describe } from 'vitest';
import { type Observed, observe } from './observe.ts';
import { describeAgents } from './parts/agents.ts';
import { describeBody } from './parts/body.ts';
import { describeCancel } from './parts/cancel.ts';
import { describeCors } from './parts/cors.ts';
import { describeCursors } from './parts/cursors.ts';
import { describeFilters } from './parts/filters.ts';
import { describeGatewayWalks } from './parts/gateway-walks.ts';
import { describeInternalRuns } from './parts/internal-runs.ts';
import { describeLettaClient } from './parts/letta-client.ts';
import { describeMessages } from './parts/messages.ts';
import { describeMetrics } from './parts/metrics.ts';
import { describeParameters } from './parts/parameters.ts';
import { describePrecedence } from './parts/precedence.ts';
import { describeQuiet } from './parts/quiet.ts';
import { describeRetrieve } from './parts/retrieve.ts';
import { describeRoutes } from './parts/routes.ts';
import { describeSteps } from './parts/steps.ts';
import { detailsOf } from './run-details.ts';
import type { Skips } from './skips.ts';
import type { Target } from './target.ts';

export interface ContractOptions {
  readonly name: string;
  readonly open: () => Promise<Target>;
  readonly skip?: Skips;
}

/**
 * Checks that a runs API is what the gateway takes it for. Assumes nothing of the runs that are there: reads
 * the newest and the oldest first, and compares all other answers with them. Sends a bounded number of requests,
 * none of which changes a run.
 */
export function describeRunsApi({ name, open, skip = {} }: ContractOptions): void {
  describe(name, () => {
    let target: Target | undefined;
    let observed: Observed | undefined;
    beforeAll(async () => {
      target = await open();
      observed = await observe(target);
    });
    afterAll(async () => target?.[Symbol.asyncDispose]());
    const given = (): Observed => {
      if (observed === undefined) throw new Error('expected a server that was observed first');
      return observed;
    };
    const details = detailsOf(given);
    describeBody(given);
    describeParameters(given);
    describeCursors(given);
    describeFilters(given);
    describePrecedence(given);
    describeInternalRuns(given);
    describeRetrieve(given);
    describeMetrics(given);
    describeAgents(given);
    describeSteps(given, details);
    describeMessages(given, details);
    describeCancel(given, skip);
    describeRoutes(given, skip);
    describeCors(given);
    describeLettaClient(given, skip);
    describeGatewayWalks(given, skip);
    describeQuiet(given);
  });
}
