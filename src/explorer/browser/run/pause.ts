import type { RunPauseState } from '../__generated__/graphql.ts';
import type { Answered } from '../documents/conversations.ts';
import type { Facts, Pause } from '../documents/run.ts';
import { type StateName, stateOf } from '../runs/states.ts';

/** A title, and what there is to know. */
type Note = readonly [title: string, text: string];

const NOTES: Readonly<Record<RunPauseState, Note>> = {
  PENDING: ['Needs approval', 'An answer makes another run, which goes on.'],
  ANSWERED: ['Paused, and was answered', 'It went on in another run:'],
  DENIED_BY_CANCEL: ['Denied by a cancel', 'A run of this agent was cancelled while this request waited.'],
  GONE: ['Was never answered', 'Its conversation was deleted or went on, or its messages were reset.'],
  UNKNOWN: ['Paused', 'The runs API does not show what became of the request.'],
};
const CLIENT: Note = [
  'Waits for its client',
  'Only the client that sent the message can run this tool. An approval would make it fail.',
];

/** Whether a client has to answer, so that a person must not: one of its tools is enough. */
const asksClient = ({ toolCalls }: Pause): boolean => toolCalls.some(({ asks }) => asks === 'CLIENT');

/** Whether an answer was sent and the approved tools still run, so that the request is still pending. */
export const isGoingOn = (pause: Pause | null | undefined, sent: Answered | undefined): boolean =>
  pause?.state === 'PENDING' && (pause.isAnswerSent || sent?.failure === null);

/** Whether a person has to answer. @param sent the answer that was sent from this page */
export const asksPerson = (pause: Pause, sent: Answered | undefined): boolean =>
  pause.state === 'PENDING' && !asksClient(pause) && !isGoingOn(pause, sent);

/** What became of a request, in words. */
export const noteOf = (pause: Pause): Note =>
  pause.state === 'PENDING' && asksClient(pause) ? CLIENT : NOTES[pause.state];

/** The fields that say what a run paused for, and what became of its request. */
export type PausedRun = Pick<Facts, 'id' | 'outcome' | 'status' | 'stopReason' | 'approval'>;

/** The state of a run: WAITING in place of PAUSED if the run is known to wait for a person. */
export function shownStateOf(run: PausedRun): StateName {
  const state = stateOf(run);
  return run.approval && asksPerson(run.approval, undefined) && state === 'PAUSED' ? 'WAITING' : state;
}

/** What became of an answer that was sent, as far as the run that paused shows it. */
export function resultOf({ run, isProven, failure }: Answered, { state, answeredBy }: Pause): string {
  if (failure !== null) return failure.message;
  if (answeredBy && run && answeredBy.id !== run.id) return 'Another answer came first.';
  if (isProven || state === 'ANSWERED') return 'The answer was taken.';
  return 'The answer was sent, and what was approved is running.';
}

/** Reads the answers in a form. The names of its fields end with the position of the call. */
export const answersIn = (form: FormData, toolCalls: Pause['toolCalls']) =>
  toolCalls.map(({ toolCallId }, position) => {
    const reason = form.get(`reason${position}`);
    return {
      toolCallId: toolCallId ?? '',
      approve: (form.get('approveAll') ?? form.get(`approve${position}`)) === 'true',
      reason: typeof reason === 'string' ? reason.replaceAll('\r\n', '\n') : null,
    };
  });
