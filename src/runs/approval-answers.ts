import { quote } from '../lists/list-errors.ts';
import { refuse } from './argument-types.ts';
import { MAX_ANSWERS, MAX_REASON } from './limits.ts';
import type { ApprovalAnswer } from './runs-source.ts';

/** Validates the answers to a request for an approval. @throws ArgumentError unless there is one for each of some calls */
export function readAnswers(answers: readonly ApprovalAnswer[]): readonly ApprovalAnswer[] {
  const ids = answers.map(({ toolCallId }) => toolCallId);
  if (ids.length === 0 || ids.length > MAX_ANSWERS) {
    refuse('answers', `expected 1 to ${MAX_ANSWERS} answers, but got ${ids.length}`);
  }
  if (ids.includes('')) refuse('answers', 'expected the id of a call as toolCallId, but got an empty text');
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index);
  if (repeated !== undefined) {
    refuse('answers', `expected one answer for each call, but got several for ${quote(repeated)}`);
  }
  const longest = Math.max(...answers.map(({ reason }) => Array.from(reason ?? '').length));
  if (longest > MAX_REASON) {
    refuse('answers', `expected a reason of at most ${MAX_REASON} characters, but got ${longest}`);
  }
  return answers;
}
