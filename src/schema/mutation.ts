import { answerApproval, type AnswerFailure, type AnswerOutcome } from '../loaders/answer-approval.ts';
import { type Cancelled, type CancelOutcome, cancelRuns } from '../loaders/cancel-runs.ts';
import { readAnswers } from '../runs/approval-answers.ts';
import { refuse } from '../runs/argument-types.ts';
import { ANSWER_FAILURES, CANCEL_FAILURES } from '../runs/change-failures.ts';
import { MAX_CANCELLED_RUNS, MAX_REASON } from '../runs/limits.ts';
import { builder, LOOK_UP_WEIGHT, ONE_ITEM } from './builder.ts';
import { ENUM_REFS, enumOf, recognize } from './enums.ts';
import { RunRef } from './run.ts';

interface CancelRunsPayload extends Cancelled {
  /** As in the argument `ids`, with duplicates. */
  readonly ids: readonly string[];
}

type CancelFailure = Required<CancelOutcome>;

const CancelRunFailureCodeEnum = enumOf(
  'CancelRunFailureCode',
  'Why a run is not known to have been cancelled.',
  CANCEL_FAILURES,
);

const CancelRunFailureRef = builder.objectRef<CancelFailure>('CancelRunFailure').implement({
  description: 'A run that is not known to have been cancelled, and why.',
  fields: (t) => ({
    // Not `id`: caches of clients would take the failure for the run.
    runId: t.exposeID('runId', { description: 'The id, as it was given.' }),
    code: t.expose('code', {
      type: CancelRunFailureCodeEnum,
      description: 'Why, for programs; `message` says it for people.',
    }),
    message: t.exposeString('message', {
      description: 'What has happened, and whether anything was sent to the runs API.',
    }),
    status: t.field({
      type: ENUM_REFS.status,
      nullable: true,
      description: 'The status with which the run was last read; null if it could not be read.',
      resolve: ({ run }) => (run?.status == null ? null : recognize('status', run.status)),
    }),
    otherRunId: t.exposeID('otherRunId', {
      nullable: true,
      description: 'With WOULD_DENY_APPROVAL, the id of the run that waits; else null.',
    }),
  }),
});

const CancelRunsPayloadRef = builder.objectRef<CancelRunsPayload>('CancelRunsPayload').implement({
  description: 'The runs as they are afterwards, whether cancelled or not.',
  fields: (t) => ({
    runs: t.field({
      type: [RunRef],
      nullable: { list: false, items: true },
      description:
        'The runs, in the order of `ids`, as they were last read; null for each one that does not exist, that you cannot see, or that could not be read.',
      resolve: ({ ids, outcomes }) =>
        ids.map((id) => outcomes.find(({ runId }) => runId === id)?.run ?? null),
    }),
    failures: t.field({
      type: [CancelRunFailureRef],
      description:
        'The runs that are not known to have been cancelled, once each, in the order of `ids`; none if all were.',
      resolve: ({ outcomes }) =>
        outcomes.filter((outcome): outcome is CancelFailure => outcome.code !== undefined),
    }),
    denied: t.expose('denied', {
      type: [RunRef],
      description:
        'The runs whose requests for an approval were denied by this, as was read afterwards. They may be among `runs`.',
    }),
  }),
});

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
    cancelRuns: t.field({
      type: CancelRunsPayloadRef,
      nullable: true,
      description: `Cancels runs that have not ended, and reports their state afterwards (REST: \`POST /v1/agents/{agent_id}/messages/cancel\`). A run that waits for an approval in the default conversation of its agent can be cancelled, which denies its request; in another one, \`answerApproval\` can deny it. A run whose cancelling would deny that of another run is left alone. It is safe to repeat: runs that have ended are left alone.`,
      args: {
        ids: t.arg.idList({
          required: true,
          description: `The ids of the runs, at most ${MAX_CANCELLED_RUNS}. Duplicates are cancelled once; without ids nothing is.`,
        }),
        denyApprovalsOf: t.arg.idList({
          description: `The ids of other runs, at most ${MAX_CANCELLED_RUNS}, whose requests may be denied. Cancelling any run of an agent denies what its default conversation waits for.`,
        }),
      },
      // The engine multiplies the price by the number of ids. Directives can't say that: routers count the field once, and
      // its lists with their maximum length.
      extensions: { isPricedPerId: true },
      directives: {
        // Two look-ups, what its agent and conversation wait for, and a cancel request, which several runs may share.
        cost: { weight: 5 * LOOK_UP_WEIGHT },
        listSize: {
          assumedSize: MAX_CANCELLED_RUNS,
          sizedFields: ['runs', 'failures', 'denied'],
          requireOneSlicingArgument: false,
        },
      },
      resolve: async (_root, { ids, denyApprovalsOf }, context) => {
        const mayDeny = denyApprovalsOf ?? [];
        for (const [name, { length }] of Object.entries({ ids, denyApprovalsOf: mayDeny })) {
          if (length > MAX_CANCELLED_RUNS)
            refuse(name, `expected at most ${MAX_CANCELLED_RUNS} ids, but got ${length}`);
        }
        return { ids, ...(await context.change((sources) => cancelRuns(ids, mayDeny, sources))) };
      },
    }),
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
      // The run, what it waits for, active runs, the answer, and looks at the new run and its messages.
      directives: { cost: { weight: 10 * LOOK_UP_WEIGHT } },
      resolve: (_root, { runId, answers }, context) =>
        context.change((sources) => answerApproval(runId, readAnswers(answers), sources)),
    }),
  }),
});
