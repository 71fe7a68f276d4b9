import type { ListEvent } from '../live/index.ts';
import { builder } from './builder.ts';
import { RunRef } from './run.ts';

const RunEventKindEnum = builder.enumType('RunEventKind', {
  description: 'How a list of runs has changed.',
  values: {
    ADDED: {
      description:
        'A run was created, or has come to match the filters; a client has not been told of it before, or of its removal last.',
    },
    UPDATED: { description: 'A run in the list has changed. Of several changes the last one is told.' },
    REMOVED: { description: 'A run is gone, or no longer matches the filters.' },
  } as const,
});

export const RunEventRef = builder.objectRef<ListEvent>('RunEvent').implement({
  description: 'One change of a list of runs.',
  fields: (t) => ({
    kind: t.field({
      type: RunEventKindEnum,
      description: 'How the list has changed.',
      resolve: ({ kind }) => kind,
    }),
    run: t.field({
      type: RunRef,
      nullable: true,
      description: 'The run as it is now; null if it is gone.',
      resolve: ({ run }) => run,
    }),
    runId: t.id({ description: 'The id of the run.', resolve: ({ id }) => id }),
    cursor: t.string({
      description:
        'What has been seen with this event, for use as `after`. Opaque, good for any replica of the gateway, and about 30 characters longer for each run that is active or new; those that have been active for over an hour take 1200 together.',
      resolve: ({ cursor }) => cursor,
    }),
  }),
});
