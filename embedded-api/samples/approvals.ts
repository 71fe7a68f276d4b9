import type { Run } from '../store/run-store.ts';
import { traitsOf } from './agents.ts';
import type { Random } from './random.ts';

/** What runs that pause ask for; most ask for one approval. */
export const ASKS = ['approval', 'approval', 'approval', 'approvals', 'client tool'] as const;
/** The probabilities that a run leaves its conversation's request unanswered, and that a cancelled run had paused. */
const [LEFT, ORPHANED] = [0.15, 0.3];

/** One of the newest runs, which are the same whatever the seed. */
interface Staged extends Pick<Run, 'asks'> {
  /** The number of its agent among the agents that can be answered. */
  readonly agent: number;
  readonly isInDefault?: true;
  /** The run whose request it answers, counted from the newest. */
  readonly answers?: number;
}

/** By the number of later runs: one of each kind among the runs that a person sees first. */
export const STAGED: Readonly<Record<number, Staged>> = {
  2: { agent: 0, asks: 'approval', isInDefault: true },
  4: { agent: 1, asks: 'approvals', isInDefault: true },
  6: { agent: 0, asks: 'approval' },
  8: { agent: 2, asks: 'client tool', isInDefault: true },
  9: { agent: 1, asks: null, answers: 12 },
  12: { agent: 1, asks: 'approval' },
};
/** How many of the newest runs answer no request, unless they are staged. */
const NEWEST = 15;

/** What has happened in a conversation up to a run. */
interface Conversation {
  /** The run that paused and waits. */
  waiting?: Run | undefined;
  /** When the last of its runs ended. */
  end: string;
  /** The time before which it takes no other run, since an answer would come too early, or a message in between. */
  busy: string;
}

/**
 * Lets most requests be answered by the next run of their conversation, has some denied by a cancel, and leaves others
 * waiting; a conversation never waits for two. Runs that would come in between get a conversation of their own.
 * @param runs of one organization, the oldest first
 */
export function linkApprovals(random: Random, runs: readonly Run[]): Run[] {
  const conversations = new Map<string, Conversation>();
  const conversationOf = (agent: string, id: string | null): Conversation => {
    const found = conversations.get(`${agent} ${id}`) ?? { end: '', busy: '' };
    conversations.set(`${agent} ${id}`, found);
    return found;
  };
  return runs.map((made, at) => {
    const isNew = runs.length - at <= NEWEST;
    const { agent_id, created_at } = made;
    const ended = made.completed_at ?? created_at;
    let run = made;
    let conversation = conversationOf(agent_id, run.conversation_id);
    const { waiting, busy, end } = conversation;
    // Of the newest runs, staged ones alone are in default conversations.
    const answersWhatWaits = isNew ? run.conversation_id === null : !random.chance(LEFT);
    const isAnswer = run.answers !== null || answersWhatWaits;
    const isInBetween = run.completed_at === null || created_at <= busy || (run.asks !== null && end > ended);
    if (isInBetween || (waiting !== undefined && !isAnswer)) {
      run = { ...run, answers: null, conversation_id: `conv-${random.uuid()}` };
      conversation = conversationOf(agent_id, run.conversation_id);
    } else if (waiting !== undefined) {
      run = { ...run, answers: waiting.id };
      conversation.waiting = undefined;
    }
    const inDefault = conversationOf(agent_id, null);
    const denied = inDefault.waiting;
    if (run.asks !== null) {
      conversation.waiting = run;
    } else if (run.status === 'cancelled' && !isNew) {
      if (denied !== undefined && (denied.completed_at ?? '') < created_at) {
        run = { ...run, denies: denied.id };
        Object.assign(inDefault, { waiting: undefined, busy: ended });
      } else if (
        conversation === inDefault &&
        end <= ended &&
        traitsOf(agent_id).isAnswering &&
        random.chance(ORPHANED)
      ) {
        run = { ...run, asks: 'approval', denies: run.id };
      }
    }
    if (run.asks !== null || run.answers !== null) conversation.busy = ended;
    if (ended > conversation.end) conversation.end = ended;
    return run;
  });
}
