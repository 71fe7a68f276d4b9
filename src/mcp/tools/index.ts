import type { Tool } from '../tool.ts';
import { findAgents } from './agents.ts';
import { answerApproval, listPendingApprovals } from './approvals.ts';
import { cancelRuns } from './cancelling.ts';
import { readMessages } from './messages.ts';
import { explainRun, listRuns, waitForRun } from './runs.ts';
import { runStats } from './statistics.ts';

/** All tools, in the order of `tools/list`. */
export const TOOLS: readonly Tool[] = [
  listRuns,
  explainRun,
  readMessages,
  runStats,
  waitForRun,
  findAgents,
  listPendingApprovals,
  cancelRuns,
  answerApproval,
];
