import { answerApproval, type AnswerFailure, type AnswerOutcome } from '../loaders/answer-approval.ts';
import { readAnswers } from '../runs/approval-answers.ts';
import { ANSWER_FAILURES } from '../runs/change-failures.ts';
import { MAX_REASON } from '../runs/limits.ts';
import { builder, LOOK_UP_WEIGHT, ONE_ITEM } from './builder.ts';
import { enumOf } from './enums.ts';
import { RunRef } from './run.ts';

const AnswerFailureCodeEnum = enumOf(
  'AnswerApprovalFailureCode',
  'Why a request is not known to have been answered.',
  ANSWER_FAILURES,
);

const AnswerFailureRef = builder.objectRef<AnswerFailure>('AnswerApprovalFailure').implement({
  description: 'Why a request is not known to have been answered as asked.',
  fields: (t) => ({
    code: t.expose('code', {
      type: AnswerFailureCodeEnum,
      description: 'Why, for programs; `message` says it for people.',
    }),
    message: t.exposeString('message', {
      description: 'What has happened, and whether anything was sent to the runs API.',
    }),
    pendingToolCallIds: t.exposeIDList('pendingToolCallIds', {
      description: 'The ids of the calls that wait; empty if none do, or it is not known.',
      directives: ONE_ITEM,
    }),
  }),
});

const AnswerApprovalPayloadRef = builder.objectRef<AnswerOutcome>('AnswerApprovalPayload').implement({
  description: 'What became of an answer.',
  fields: (t) => ({
    run: t.expose('run', {
      type: RunRef,
      nullable: true,
      description:
        'The run that the answer made, which goes on where the other run paused; null if none is known.',
    }),
    isProven: t.exposeBoolean('isProven', {
      description:
        'Whether `run` shows that the answer was taken. False with a `run` that is under way and without `failure`: an approval shows only once its tool has run; see `approval` of the run that paused, a little later.',
    }),
    failure: t.expose('failure', {
      type: AnswerFailureRef,
      nullable: true,
      description: 'Why the request is not known to have been answered; null if nothing went wrong.',
    }),
  }),
});

const ApprovalAnswerRef = builder.inputType('ApprovalAnswerInput', {
  description: 'The decision on one tool call.',
  fields: (t) => ({
    toolCallId: t.id({ required: true, description: 'The `toolCallId` of a call in `approval`.' }),
    approve: t.boolean({ required: true, description: 'Whether the tool may run.' }),
    reason: t.string({
      description: `What the agent is told with the decision, at most ${MAX_REASON} characters.`,
    }),
  }),
});

builder.mutationType({
  description:
    'The root of all mutations. They are executed one after the other, and never by GET. A gateway with `READ_ONLY` has none.',
  fields: (t) => ({
    answerApproval: t.field({
      type: AnswerApprovalPayloadRef,
      nullable: true,
      description:
        'Approves or denies what a run waits for, which makes a new run. It is sent at most once, and only if the run waits for just these answers (REST: `POST /v1/agents/{agent_id}/messages/async`, or `POST /v1/conversations/{conversation_id}/messages`). A request that was answered less than ten minutes ago is not answered again, by nobody.',
      args: {
        runId: t.arg.id({ required: true, description: 'The id of the run that waits.' }),
        answers: t.arg({
          type: [ApprovalAnswerRef],
          required: true,
          description: 'A decision on each call that waits, once each.',
        }),
      },
      // Look-ups: the run, its pending request, active runs, the answer, and looks at the new run and its messages.
      directives: { cost: { weight: 10 * LOOK_UP_WEIGHT } },
      resolve: (_root, { runId, answers }, context) =>
        context.change((sources) => answerApproval(runId, readAnswers(answers), sources)),
    }),
  }),
});
