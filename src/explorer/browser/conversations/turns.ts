import type { Conversation } from '../documents/conversations.ts';
import type { Message } from '../documents/run.ts';
import type { Items } from '../run/items.ts';

export type TurnRun = NonNullable<Conversation['runs']>['nodes'][number];

/**
 * Joins runs, newest first, with the runs of a page, which are either older or the newest. Runs that were read again
 * keep their positions, and take their new values.
 *
 * @param before the cursor before which the page was read; none for the newest runs
 */
export function joinedRuns(
  runs: ReadonlyMap<string, TurnRun>,
  page: readonly TurnRun[],
  before: string | null | undefined,
): ReadonlyMap<string, TurnRun> {
  const those = page.map((run) => [run.id, run] as const);
  return new Map([...(before ? [] : those), ...runs, ...those]);
}

/**
 * Groups runs and messages into turns, oldest first. Each run of a turn but the first answered the previous one. A
 * message without a run is a turn by itself. Runs older than the first message wait until earlier messages are read.
 *
 * @param runs newest first, by id
 */
export function turnsOf(runs: ReadonlyMap<string, TurnRun>, { nodes, start }: Items<Message>) {
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
  return turns.filter((turn) => turn.at >= from || turn.messages.length > 0).toSorted((a, b) => a.at - b.at);
}
