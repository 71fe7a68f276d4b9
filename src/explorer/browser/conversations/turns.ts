import type { Conversation } from '../documents/conversations.ts';
import type { Message } from '../documents/run.ts';
import type { Items } from '../run/run-store.ts';

export type TurnRun = NonNullable<Conversation['runs']>['nodes'][number];

/** The runs of one turn, each but the first of which answered the one before, and what was said in them. */
export interface Turn {
  /** The id of its first run; of a message that names no run, that of the message. */
  readonly id: string;
  readonly runs: readonly TurnRun[];
  readonly messages: readonly Message[];
}

/**
 * Groups runs, newest first, and messages into turns, oldest first. Runs from before the first message are left out
 * while there are earlier messages.
 */
export function turnsOf(
  runs: ReadonlyMap<string, TurnRun>,
  { nodes, start }: Items<Message> = { nodes: [], start: null },
): readonly Turn[] {
  const turnOf = (id: string): string => {
    const before = runs.get(id)?.continues?.id;
    return before === undefined ? id : turnOf(before);
  };
  const messages = Map.groupBy(nodes, ({ id, runId }) => turnOf(runId ?? id));
  const byTurn = Map.groupBy([...runs.values()].toReversed(), ({ id }) => turnOf(id));
  const turns = [...new Set([...messages.keys(), ...byTurn.keys()])].map((id) => {
    const turn = { id, runs: byTurn.get(id) ?? [], messages: messages.get(id) ?? [] };
    return { ...turn, at: Date.parse(turn.runs[0]?.createdAt ?? turn.messages[0]?.date ?? '') };
  });
  const from = start === null ? 0 : Date.parse(nodes[0]?.date ?? '');
  return turns
    .filter(({ at, messages }) => at >= from || messages.length > 0)
    .toSorted((a, b) => a.at - b.at);
}
