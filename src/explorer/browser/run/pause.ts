import type { RunPauseState } from '../__generated__/graphql.ts';
import type { Answered } from '../documents/approvals.ts';
import type { Facts, Pause } from '../documents/run.ts';
import { shortId } from '../format/text.ts';
import { html } from '../preact.ts';
import { hrefOf } from '../router.ts';
import { type StateName, stateOf } from '../runs/states.ts';

type Note = readonly [title: string, text: string];

const NOTES: Readonly<Record<RunPauseState, Note>> = {
  PENDING: [
    'Needs approval',
    'The agent asks before it does this. An answer makes another run, which goes on.',
  ],
  ANSWERED: ['Paused, and was answered', 'It went on in another run:'],
  DENIED_BY_CANCEL: [
    'Paused, and was denied by a cancel',
    'Nobody answered. A run of this agent was cancelled, which denies what the agent waits for.',
  ],
  GONE: [
    'Paused, and can’t be answered any more',
    'Nobody answered before its conversation was deleted or went on without it, or its messages were reset.',
  ],
  UNKNOWN: ['Paused', 'The runs API does not show what became of the request.'],
};
const CLIENT: Note = [
  'Waits for its client',
  'The client that sent the message has to run this tool and return the result. Nobody else can: an approval would only make it fail.',
];

/** Whether a client has to answer, so that a person must not: one of its tools is enough. */
export const asksClient = ({ toolCalls }: Pause): boolean => toolCalls.some(({ asks }) => asks === 'CLIENT');

/** What became of a request, in words. */
export const noteOf = (pause: Pause): Note =>
  pause.state === 'PENDING' && asksClient(pause) ? CLIENT : NOTES[pause.state];

/** Whether a run ended with a request that waits. */
export const isPending = (run: Facts): boolean =>
  stateOf(run) === 'PAUSED' && run.approval?.state === 'PENDING';

/** The state of a run, of which it is known whether it waits. */
export const pauseStateOf = (run: Facts): StateName =>
  isPending(run) && run.approval?.toolCalls.some(({ asks }) => asks !== 'CLIENT') ? 'WAITING' : stateOf(run);

/** What became of an answer that was sent, as far as the run that paused shows it. */
export function resultOf({ run, isProven, failure }: Answered, { state, answeredBy }: Pause): string {
  if (failure !== null) return failure.message;
  if (answeredBy && run && answeredBy.id !== run.id) return 'Another answer came first.';
  if (isProven || state === 'ANSWERED') return 'The answer was taken.';
  return 'The answer was sent, and what was approved is running. Once it is done, this page says so.';
}

/** Reads the answers in a form: the fields of each call have its position in their names. */
export const answersIn = (form: FormData, toolCalls: Pause['toolCalls']) =>
  toolCalls.map(({ toolCallId }, position) => {
    const textOf = (name: string): string => {
      const entry = form.get(name + position);
      return typeof entry === 'string' ? entry.replaceAll('\r\n', '\n').trim() : '';
    };
    return {
      toolCallId: toolCallId ?? '',
      approve: textOf('approve') === 'true',
      reason: textOf('reason') || null,
    };
  });

/** A link to another run. */
export function RunLink({ id }: { readonly id: string }) {
  return html`<a href=${hrefOf(`runs/${id}`)}><code>${shortId(id)}</code></a>`;
}
