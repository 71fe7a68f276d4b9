import {
  type Cancelled,
  type CancelOutcome,
  type CancelPreview,
  cancelRuns,
  previewCancel,
} from '../loaders/cancel-runs.ts';
import { refuse } from '../runs/argument-types.ts';
import { CANCEL_FAILURES } from '../runs/change-failures.ts';
import { MAX_CANCELLED_RUNS } from '../runs/limits.ts';
import { builder, LOOK_UP_WEIGHT } from './builder.ts';
import { ENUM_REFS, enumOf, recognize } from './enums.ts';
import { RunRef } from './run.ts';

interface CancelRunsPayload extends Cancelled {
  /** The argument `ids` as it was sent, with duplicates. */
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
      resolve: ({ outcomes }) => outcomes.filter(isFailure),
    }),
    denied: t.expose('denied', {
      type: [RunRef],
      description:
        'The runs whose requests for an approval were denied by this, as was read afterwards. They may be among `runs`.',
    }),
  }),
});

const CancelPreviewRef = builder.objectRef<CancelPreview>('CancelPreview').implement({
  description: 'What `cancelRuns` would do with a run, as of now. Without `failure` it would be cancelled.',
  fields: (t) => ({
    runId: t.exposeID('runId', { description: 'The id, as it was given.' }),
    run: t.expose('run', {
      type: RunRef,
      nullable: true,
      description: 'The run as it is; null if there is none that you can see, or if it could not be read.',
    }),
    failure: t.field({
      type: CancelRunFailureRef,
      nullable: true,
      description:
        'Why it would not be cancelled: it has ended, or that would deny what the run `otherRunId` waits for, or it can not be told. Null if it would be.',
      resolve: (preview) => (isFailure(preview) ? preview : null),
    }),
    deniedId: t.id({
      nullable: true,
      description:
        'The id of the run whose request for an approval would be denied with it: this run, or another one of `ids`. Null if there is none.',
      resolve: ({ deniedId }) => deniedId ?? null,
    }),
  }),
});

function isFailure(outcome: CancelOutcome): outcome is CancelFailure {
  return outcome.code !== undefined;
}

function checkLengths(lists: Readonly<Record<string, readonly string[]>>): void {
  for (const [name, { length }] of Object.entries(lists)) {
    if (length > MAX_CANCELLED_RUNS)
      refuse(name, `expected at most ${MAX_CANCELLED_RUNS} ids, but got ${length}`);
  }
}

builder.queryField('cancelPreview', (t) =>
  t.field({
    type: [CancelPreviewRef],
    description:
      'What `cancelRuns` would do with these ids, once each in their order. It reads what that reads, and changes nothing.',
    args: {
      ids: t.arg.idList({
        required: true,
        description: `The ids of the runs, at most ${MAX_CANCELLED_RUNS}.`,
      }),
    },
    extensions: { isPricedPerId: true },
    // Look-ups: the run, and the pending requests of its agent and conversation.
    directives: { cost: { weight: 3 * LOOK_UP_WEIGHT }, listSize: { assumedSize: MAX_CANCELLED_RUNS } },
    resolve: (_root, { ids }, context) => {
      checkLengths({ ids });
      return context.preview((sources) => previewCancel(ids, sources));
    },
  }),
);

builder.mutationField('cancelRuns', (t) =>
  t.field({
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
      // Look-ups: the run twice, its agent and conversation, and a cancel request, which several runs may share.
      cost: { weight: 5 * LOOK_UP_WEIGHT },
      listSize: {
        assumedSize: MAX_CANCELLED_RUNS,
        sizedFields: ['runs', 'failures', 'denied'],
        requireOneSlicingArgument: false,
      },
    },
    resolve: async (_root, { ids, denyApprovalsOf }, context) => {
      const mayDeny = denyApprovalsOf ?? [];
      checkLengths({ ids, denyApprovalsOf: mayDeny });
      return { ids, ...(await context.change((sources) => cancelRuns(ids, mayDeny, sources))) };
    },
  }),
);
