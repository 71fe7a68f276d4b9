import { ERROR_CODES } from '../errors/error-codes.ts';
import { UPSTREAM_ERROR_CODES, type UpstreamErrorCode } from '../errors/upstream-error.ts';

/** Failures of the runs API itself, with the messages of their error codes. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- One for each code.
const OF_UPSTREAM = Object.fromEntries(
  UPSTREAM_ERROR_CODES.map((code) => [code, ERROR_CODES[code].message]),
) as Readonly<Record<UpstreamErrorCode, string>>;

/** Why a run is not known to have been cancelled as asked. */
export const CANCEL_FAILURES = {
  NOT_FOUND: 'There is no run with this id that you can see. Nothing was sent to cancel it.',
  ALREADY_ENDED:
    'The run had ended before it could be cancelled, or paused for a request that does not wait any more, and was left as it was; see `status`, which is CANCELLED if an earlier request has cancelled it.',
  ANSWER_INSTEAD:
    'The run waits for an answer, and its conversation would go on waiting if the run were cancelled: it is not the default one, or the agent is of an old type. Deny its request with `answerApproval`. Nothing was sent to cancel it.',
  WOULD_DENY_APPROVAL:
    'Cancelling any run of the agent denies the request of `otherRunId`, which waits for an answer. Answer it first, or name it in `ids` or in `denyApprovalsOf`. Nothing was sent to cancel the run.',
  NOT_CANCELLED:
    'The runs API answered as if all was well, but the run had not ended when it was read again.',
  OUTCOME_UNKNOWN:
    'The runs API may have received the request, and then the run could not be read again: it may be cancelled or not.',
  ...OF_UPSTREAM,
};
export type CancelFailureCode = keyof typeof CANCEL_FAILURES;

/** Why a request for an approval is not known to have been answered as asked. */
export const ANSWER_FAILURES = {
  NOT_FOUND: 'There is no run with this id that you can see. Nothing was sent.',
  NOT_PENDING:
    'The run does not wait for an answer, or it can not be told whether it does; see `approval` of the run. Nothing was sent.',
  TOOL_CALLS_DIFFER:
    'The answers are not about exactly the calls that wait, which `pendingToolCallIds` has. Nothing was sent.',
  CLIENT_TOOL:
    'The client that sent the message is to run a tool and return its result; an approval would make it "Tool not found". Nothing was sent.',
  AGENT_TYPE_UNSUPPORTED:
    'Agents of this old type ask for the same call again, whatever the answer. Nothing was sent.',
  ANSWERED_JUST_NOW:
    'The request was answered less than ten minutes ago, or a run began after it that may be the answer and has not ended. While an approved tool runs, a second answer would run it twice. Nothing was sent.',
  NOT_TAKEN:
    'The runs API received the answer and made a run for it, which ended without it: another answer may have come first.',
  OUTCOME_UNKNOWN:
    'The runs API may have received the answer, but did not say which run it made, or that run was cancelled meanwhile. See `approval` of the run, a little later.',
  ...OF_UPSTREAM,
};
export type AnswerFailureCode = keyof typeof ANSWER_FAILURES;
