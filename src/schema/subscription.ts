import { type ListEvent, readResume } from '../live/index.ts';
import { idOf } from '../runs/argument-types.ts';
import { RUN_FILTERS } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import { builder } from './builder.ts';
import { enumOf } from './enums.ts';
import { argumentsOf, readRunFilter } from './filter-arguments.ts';
import { RunRef } from './run.ts';

const RunEventKindEnum = enumOf('RunEventKind', 'How a list of runs has changed.', {
  ADDED:
    'A run was created, or now matches the filters; you have not received it before, or last received its removal.',
  UPDATED: 'A run in the list has changed. Of several changes, you receive the last one.',
  REMOVED: 'A run is gone, or no longer matches the filters.',
});

const RunEventRef = builder.objectRef<ListEvent>('RunEvent').implement({
  description: 'One change of a list of runs.',
  fields: (t) => ({
    kind: t.field({
      type: RunEventKindEnum,
      description: 'What has become of the run, as the filters see it.',
      resolve: ({ change }) => change.type,
    }),
    run: t.field({
      type: RunRef,
      nullable: true,
      description: 'The run as it is now; null if it is gone.',
      resolve: ({ change }) => change.run,
    }),
    runId: t.id({
      description: 'The id of the run, even if the run is gone.',
      resolve: ({ change }) => change.id,
    }),
    cursor: t.exposeString('cursor', {
      description:
        'What has been seen with this event, for use as `after`. Opaque, good for any replica of the gateway, and 28 characters longer for each run that is active or new, up to 200 of them.',
    }),
  }),
});

/** The price of opening a subscription: its polls are shared by all subscriptions of a caller to the same list or run. */
const SUBSCRIPTION_DIRECTIVES = { cost: { weight: 5 } };

builder.subscriptionType({
  description:
    'The root of all subscriptions, over server-sent events or WebSockets. The runs API is polled for them, once for all subscriptions of a caller to the same list or run.',
  fields: (t) => ({
    runEvents: t.field({
      type: RunEventRef,
      nullable: true,
      description:
        'Tells of every change of a list of runs: which runs have come, changed and gone. It begins with what changes from now on; with `after`, right after an earlier event. Changes of runs that ended more than ten seconds, or 100 runs, before the newest run was created are not noticed, nor are those of active runs beyond the newest 1000.',
      args: {
        ...argumentsOf(t.arg, RUN_FILTERS),
        after: t.arg.string({
          description:
            'The `cursor` of the last event that was received of a subscription with the same filters: nothing is missed, and nothing comes twice. The cursor or id of a run begins with the runs that are newer than it, and the older ones that match and have not ended.',
        }),
      },
      directives: SUBSCRIPTION_DIRECTIVES,
      subscribe: async (_root, { after, ...args }, { runs, runById, options }) => {
        const filter = readRunFilter(args);
        await runs.requireDurations(filter);
        const resume = await readResume(after, filter, (id) => runById.load(id));
        return options.live().listEvents(filter, resume);
      },
      resolve: (event: ListEvent) => event,
    }),
    runUpdates: t.field({
      type: RunRef,
      nullable: true,
      description:
        'The run with an id, now and whenever it has changed, until it has ended; one that pauses for an approval has. Its duration comes a moment after its end, as an event of its own. Null, as the last event, if there is none that you can see, or no longer.',
      args: { id: t.arg.id({ required: true, description: 'The id of the run, `run-` and a UUID.' }) },
      directives: SUBSCRIPTION_DIRECTIVES,
      subscribe: (_root, { id }, context) => context.options.live().runUpdates(idOf('run').read(id, 'id')),
      resolve: (run: Run | null) => run,
    }),
  }),
});
