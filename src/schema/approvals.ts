import type { ArgBuilder } from '@pothos/core';
import { type ConnectionArguments, readPageArguments } from '../lists/pages/page-arguments.ts';
import { continuedRun, MAX_TURN, type RunTurn, turnOf } from '../loaders/continued-runs.ts';
import type { PendingApprovals, PendingApprovalsArguments } from '../loaders/pending-approvals.ts';
import {
  APPROVAL_ASKS,
  type ApprovalAsks,
  PAUSE_STATES,
  type PausedCall,
  type RunPause,
} from '../runs/approvals.ts';
import { type InputOf, refuse } from '../runs/argument-types.ts';
import { MAX_FILTERED_AGENTS } from '../runs/limits.ts';
import { TOOL_CALL_FIELDS } from '../runs/message-kinds.ts';
import { RUN_FILTERS } from '../runs/run-filters.ts';
import { RUN_LIST } from '../runs/run-list.ts';
import { builder, LOOKED_UP, LOOK_UP_WEIGHT, ONE_ITEM, type Types } from './builder.ts';
import { ApprovalRef } from './details/message-contents.ts';
import { enumOf } from './enums.ts';
import { argumentsOf, readArguments } from './filter-arguments.ts';
import { RunRef } from './run.ts';
import { fieldsOf } from './table-fields.ts';

/** The runs that the price of a turn assumes. */
const ASSUMED_TURN = 5;

const PauseStateEnum = enumOf(
  'RunPauseState',
  'What became of the request for which a run paused.',
  PAUSE_STATES,
);

const ApprovalAsksEnum = enumOf('ApprovalAsks', 'Who is asked for an answer to a tool call.', APPROVAL_ASKS);

const PausedCallRef = builder.objectRef<PausedCall>('RunPausedCall').implement({
  description: 'A tool call that a run paused for. Ids of calls may repeat, so this is not a key for caches.',
  fields: (t) => {
    const { id, ...call } = fieldsOf(t, TOOL_CALL_FIELDS);
    return {
      toolCallId: id,
      ...call,
      asks: t.expose('asks', {
        type: ApprovalAsksEnum,
        description: 'Who is asked, by the rules and the tools that the agent has now.',
      }),
    };
  },
});

const RunPauseRef = builder.objectRef<RunPause>('RunPause').implement({
  description:
    'The request that a run paused for as its last act, and what became of it. The run stays COMPLETED with REQUIRES_APPROVAL for ever: an answer makes a new run.',
  fields: (t) => ({
    state: t.expose('state', {
      type: PauseStateEnum,
      description: 'Whether the request waits. While an approved tool runs, it still does.',
    }),
    isAnswerSent: t.boolean({
      description:
        'Whether this process has sent an answer in the last ten minutes that does not show yet, as while an approved tool runs. False on other replicas, and after a restart.',
      resolve: ({ state, request }, _args, { approvals }) =>
        state === 'PENDING' && request !== null && approvals.isAnswerSent(request),
    }),
    reason: t.exposeString('reason', {
      nullable: true,
      description: 'Why the state is UNKNOWN; null for other states.',
    }),
    requestedAt: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'When the request was stored, to the second; null if it is gone.',
      resolve: ({ request }) => request?.date,
    }),
    toolCalls: t.expose('toolCalls', {
      type: [PausedCallRef],
      description: 'The calls that it is about; none if the request is gone.',
      directives: ONE_ITEM,
    }),
    decisions: t.expose('decisions', {
      type: [ApprovalRef],
      description: 'The decision on each call; none before it is answered, nor for calls that a client ran.',
      directives: ONE_ITEM,
    }),
    answeredBy: t.field({
      ...LOOKED_UP,
      type: RunRef,
      description: 'The run that the answer made; null unless the state is ANSWERED.',
      resolve: ({ answeredById }, _args, { runById }) =>
        answeredById === null ? null : runById.load(answeredById),
    }),
  }),
});

const RunTurnRef = builder.objectRef<RunTurn>('RunTurn').implement({
  description:
    'The runs from the message of a person to the run that ended the turn. Each but the first answered the request of the one before it, as `continues` and `approval { answeredBy }` prove.',
  fields: (t) => ({
    runs: t.expose('runs', {
      type: [RunRef],
      description: `The runs in their order, at most ${MAX_TURN}.`,
      directives: { listSize: { assumedSize: ASSUMED_TURN } },
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description: `Whether these are all runs that the turn has so far. If not, it has more than ${MAX_TURN}, or a run does not show what it answered, or what became of its request.`,
    }),
  }),
});

builder.objectFields(RunRef, (t) => ({
  approval: t.field({
    type: RunPauseRef,
    nullable: true,
    description:
      'What the run paused for, and what became of that; null if it did not pause. Looked up only of runs that are COMPLETED with REQUIRES_APPROVAL, or CANCELLED.',
    // Look-ups: the agent, the conversation, the request and the messages after it.
    directives: { cost: { weight: 4 * LOOK_UP_WEIGHT } },
    resolve: (run, _args, { approvals }) => approvals.pauseOf(run),
  }),
  continues: t.field({
    type: RunRef,
    nullable: true,
    description:
      'The run whose request this one answered: `approval { answeredBy }` of that run is this one. Null if it began otherwise, or does not return the messages by which that is known.',
    // Look-ups: the start of the run, the messages before it in its conversation, and the other run.
    directives: { cost: { weight: 3 * LOOK_UP_WEIGHT } },
    resolve: (run, _args, context) => continuedRun(run, context),
  }),
  turn: t.field({
    type: RunTurnRef,
    nullable: true,
    description:
      'The turn that the run belongs to. A run that neither paused nor answered is one by itself. Takes a few requests for each run of the turn.',
    // Look-ups for each run: the run itself, and two to either side.
    directives: { cost: { weight: 5 * ASSUMED_TURN * LOOK_UP_WEIGHT } },
    resolve: (run, _args, context) => turnOf(run, context),
  }),
}));

const PendingApprovalsRef = builder.objectRef<PendingApprovals>('PendingApprovals').implement({
  description: 'Runs that wait for an answer.',
  fields: (t) => ({
    nodes: t.expose('nodes', {
      type: [RunRef],
      description: 'The runs, newest first; `approval` says what each waits for.',
    }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'Whether all paused runs were looked at. If not, go on with `after: endCursor`; without an `endCursor`, an agent could not be read.',
    }),
    endCursor: t.exposeString('endCursor', {
      nullable: true,
      description: 'For use as `after`; null if there are no more paused runs.',
    }),
    readUntil: t.expose('readUntil', {
      type: 'DateTime',
      nullable: true,
      description: 'When the last run that was looked at was created; null if there was none.',
    }),
  }),
});

const { deprecationReason: _deprecated, contradicts: _contradicts, ...agentIds } = RUN_FILTERS.agentIds;
const FILTERS = {
  agentIds: { ...agentIds, description: `Only runs of these agents, at most ${MAX_FILTERED_AGENTS}.` },
  conversationId: RUN_FILTERS.conversationId,
};
/** The kinds of calls that a person can answer. */
const ASKS: ApprovalAsks[] = ['PERSON', 'UNKNOWN'];
const SIZE = { ...RUN_LIST, defaultRows: 20, maxRows: 100 };

/** For the field of pending approvals: a list of paused runs is read, and their agents and conversations are looked up. */
export const PENDING_APPROVALS = {
  type: PendingApprovalsRef,
  nullable: true as const,
  directives: {
    cost: { weight: 250 },
    listSize: {
      assumedSize: SIZE.defaultRows,
      slicingArguments: ['first'],
      sizedFields: ['nodes'],
      requireOneSlicingArgument: false,
    },
  },
};

export function pendingArguments(arg: ArgBuilder<Types>) {
  return {
    first: arg.int({ defaultValue: SIZE.defaultRows, description: `How many runs, 1 to ${SIZE.maxRows}.` }),
    after: arg.string({ description: 'The `endCursor` to go on from.' }),
    ...argumentsOf(arg, FILTERS),
    asks: arg({
      type: [ApprovalAsksEnum],
      defaultValue: ASKS,
      description: 'Only runs of which at least one call asks one of these.',
    }),
  };
}

interface PendingInput extends ConnectionArguments, InputOf<typeof FILTERS> {
  readonly asks?: readonly ApprovalAsks[] | null | undefined;
}

/** Reads the arguments of `pendingApprovals`. @throws ArgumentError, InvalidCursorError */
export function readPending({ first, after, asks, ...filters }: PendingInput): PendingApprovalsArguments {
  if (first === 0) refuse('first', `expected a whole number from 1 to ${SIZE.maxRows}, but got 0`);
  if (asks?.length === 0) refuse('asks', 'expected at least one value, but got an empty list');
  return {
    ...readPageArguments({ first, after }, SIZE),
    filter: readArguments(FILTERS, filters),
    asks: asks ?? ASKS,
  };
}
