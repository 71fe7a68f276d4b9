import { ArgumentError } from '../errors/gateway-error.ts';
import type { CancelOutcome } from '../loaders/cancel-runs.ts';
import { CANCEL_FAILURES } from '../runs/cancel-failures.ts';
import { MAX_CANCELLED_RUNS } from '../runs/limits.ts';
import { builder, LOOK_UP_DIRECTIVES } from './builder.ts';
import { ENUM_REFS, recognize } from './enums.ts';
import { RunRef } from './run.ts';

/** The outcomes of the runs to cancel, once each. */
interface CancelRunsPayload {
  /** As in the argument `ids`, with duplicates. */
  readonly ids: readonly string[];
  readonly outcomes: readonly CancelOutcome[];
}

type CancelFailure = Required<CancelOutcome>;

/**
 * The engine prices the field once for each id, with one run and at most one failure. Static directives
 * can't express that, so routers count one id for the field, and the maximum for its subfields.
 */
const CANCEL_DIRECTIVES = {
  directives: {
    // Two look-ups, and a cancel request, which several runs may share.
    cost: { weight: 3 * LOOK_UP_DIRECTIVES.cost.weight },
    listSize: {
      assumedSize: MAX_CANCELLED_RUNS,
      sizedFields: ['runs', 'failures'],
      requireOneSlicingArgument: false,
    },
  },
  extensions: { isPricedPerId: true },
};

const CancelRunFailureCodeEnum = builder.enumType('CancelRunFailureCode', {
  description: 'Why a run is not known to have been cancelled.',
  values: CANCEL_FAILURES,
});

const CancelRunFailureRef = builder.objectRef<CancelFailure>('CancelRunFailure').implement({
  description: 'A run that is not known to have been cancelled, and why.',
  fields: (t) => ({
    // Not `id`: caches of clients would take the failure for the run.
    runId: t.exposeID('runId', { description: 'The id, as it was given.' }),
    code: t.field({
      type: CancelRunFailureCodeEnum,
      description: 'Why, for programs; `message` says it for people.',
      resolve: ({ failure }) => failure.code,
    }),
    message: t.string({
      description: 'What has happened, and whether anything was sent to the runs API.',
      resolve: ({ failure }) => failure.message,
    }),
    status: t.field({
      type: ENUM_REFS.status,
      nullable: true,
      description: 'The status with which the run was last read; null if it could not be read.',
      resolve: ({ run }) => (run?.status == null ? null : recognize('status', run.status)),
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
        outcomes.filter((outcome): outcome is CancelFailure => outcome.failure !== undefined),
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
      description: `Cancels runs that have not ended, and reports their state afterwards (REST: \`POST /v1/agents/{agent_id}/messages/cancel\`). Runs that wait for approval can be cancelled as well. It is safe to repeat: runs that have ended are left alone.`,
      args: {
        ids: t.arg.idList({
          required: true,
          description: `The ids of the runs, at most ${MAX_CANCELLED_RUNS}. Duplicates are cancelled once; without ids nothing is.`,
        }),
      },
      ...CANCEL_DIRECTIVES,
      resolve: async (_root, { ids }, context) => {
        if (ids.length <= MAX_CANCELLED_RUNS) return { ids, outcomes: await context.cancelRuns(ids) };
        const expected = `expected at most ${MAX_CANCELLED_RUNS} ids, but got ${ids.length}`;
        throw new ArgumentError('ids', `ids: ${expected}`);
      },
    }),
  }),
});
