import type { UnrecognizedMessage } from '../../runs/messages.ts';
import { builder } from '../builder.ts';
import { refOfKind, RunMessageRef } from './run-message.ts';

refOfKind('summary_message').implement({
  description: 'A summary that replaces older messages.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    summary: t.exposeString('summary', { nullable: true, description: 'The summary.' }),
    compactionStats: t.expose('compactionStats', {
      type: 'JSON',
      nullable: true,
      description: 'Figures about what was summarized (REST: `compaction_stats`).',
    }),
  }),
});

refOfKind('event_message').implement({
  description: 'An event in the conversation that models do not see.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    eventType: t.exposeString('eventType', {
      nullable: true,
      description: 'The type of the event, such as `compaction`, the only one so far (REST: `event_type`).',
    }),
    eventData: t.expose('eventData', {
      type: 'JSON',
      nullable: true,
      description: 'Details of the event (REST: `event_data`).',
    }),
  }),
});

builder.objectRef<UnrecognizedMessage>('RunUnrecognizedMessage').implement({
  description: 'A message of a kind that is newer than this gateway, or of an unexpected form.',
  interfaces: [RunMessageRef],
  fields: (t) => ({
    raw: t.expose('raw', { type: 'JSON', nullable: true, description: 'The message as in REST.' }),
  }),
});
