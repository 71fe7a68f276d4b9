import type { Conversation } from '../documents/conversations.ts';
import type { Message } from '../documents/run.ts';
import type { Items } from '../run/run-store.ts';

export type TurnRun = NonNullable<Conversation['runs']>['nodes'][number];

/** The runs of one turn, each but the first of which answered the one before, and what was said in them. */
export interface Turn {
  /** The id of its first run; of a message that no run has, that of the message. */
  readonly id: string;
  /** Oldest first; without those that aren't read yet. */
  readonly runs: readonly TurnRun[];
  readonly messages: readonly Message[];
}

/** Groups runs and messages into turns, oldest first. Runs from before the first message wait for earlier messages. */
export function turnsOf(
  runs: ReadonlyMap<string, TurnRun>,
  { nodes, start }: Items<Message>,
): readonly Turn[] {
  const firstOf = (id: string): string => {
    const before = runs.get(id)?.continues?.id;
    return before === undefined ? id : firstOf(before);
  };
  const said = Map.groupBy(nodes, ({ id, runId }) => (runId === null ? id : firstOf(runId)));
  const from = start === null ? -Infinity : Date.parse(nodes[0]?.date ?? '');
  const timeOf = ({ createdAt }: TurnRun): number => Date.parse(createdAt);
  const done = Map.groupBy(
    [...runs.values()]
      .filter((run) => said.has(firstOf(run.id)) || timeOf(run) >= from)
      .toSorted((a, b) => timeOf(a) - timeOf(b)),
    ({ id }) => firstOf(id),
  );
  const turns = [...new Set([...said.keys(), ...done.keys()])].map((id) => ({
    id,
    runs: done.get(id) ?? [],
    messages: said.get(id) ?? [],
  }));
  const startOf = ({ runs: [run], messages: [message] }: Turn): number =>
    run === undefined ? Date.parse(message?.date ?? '') : timeOf(run);
  return turns.toSorted((a, b) => startOf(a) - startOf(b));
}
