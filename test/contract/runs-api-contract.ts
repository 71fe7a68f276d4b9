import { afterAll, beforeAll, describe } from 'vitest';
import { type Observed, observe } from './observe.ts';
import { describeAgents } from './parts/agents.ts';
import { describeApprovals } from './parts/approvals.ts';
import { describeCancel } from './parts/cancel.ts';
import { describeConversationList } from './parts/conversation-list.ts';
import { describeConversations } from './parts/conversations.ts';
import { describeGateway } from './parts/gateway.ts';
import { describeInternalRuns } from './parts/internal-runs.ts';
import { describeLists } from './parts/lists.ts';
import { describeMessages } from './parts/messages.ts';
import { describeRecorded } from './parts/recorded.ts';
import { describeRefusals } from './parts/refusals.ts';
import { describeRun } from './parts/run.ts';
import { describeSteps } from './parts/steps.ts';
import type { Target } from './target.ts';

const PARTS = [
  describeRecorded,
  describeRefusals,
  describeLists,
  describeInternalRuns,
  describeRun,
  describeSteps,
  describeMessages,
  describeAgents,
  describeCancel,
  describeGateway,
  // Last, since they make runs, by which lists change.
  describeApprovals,
  describeConversationList,
  describeConversations,
];

/**
 * Checks that a runs API is what the gateway takes it for. Assumes nothing of the runs that are there: reads
 * the newest and the oldest first, and compares all other answers with them. Sends a bounded number of requests,
 * none of which changes a run, but for those that are made to try approvals.
 */
export function describeRunsApi(name: string, open: () => Promise<Target>): void {
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
    for (const describePart of PARTS) describePart(given);
  });
}
