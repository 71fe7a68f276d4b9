import type { RunDetails } from '../model/run-details.ts';
import type { RunRow } from '../model/run.ts';
import type { MessageStore } from './message-store.ts';
import type { Statements } from './statements.ts';
import type { StepStore } from './step-store.ts';

/** What happened in runs whose row says that it is still to be made. */
export interface LazyDetails {
  readonly steps: StepStore;
  readonly messages: MessageStore;
}

/** The ids of steps and messages that are made begin like that of their run. */
const SHARED_BEGINNING = /^(?:step|message)-([0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3})-/;

/**
 * Makes the steps and messages of a run when they, or one of them, are first looked for, and stores them.
 * @param make their maker; the same run must always get the same
 */
export function lazyDetails(
  { steps, messages }: LazyDetails,
  { rows, run: change }: Statements,
  transaction: (fill: () => void) => void,
  make: (run: RunRow) => RunDetails,
): LazyDetails {
  const store = (run: RunRow): void =>
    transaction(() => {
      // Another process may have made them meanwhile.
      const sql = 'UPDATE runs SET lacks_details = NULL WHERE id = ? AND lacks_details = 1';
      if (change(sql, [run.id]) === 0) return;
      const details = make(run);
      steps.insert(details.steps);
      steps.insertMetrics(details.metrics);
      messages.insert(details.messages);
    });
  const ofRun = (id: string): void =>
    rows<RunRow>('SELECT * FROM runs WHERE id = ? AND lacks_details = 1', [id]).forEach(store);
  const around = (id: string): void => {
    const beginning = SHARED_BEGINNING.exec(id)?.[1];
    if (beginning === undefined) return;
    const sql = 'SELECT * FROM runs WHERE id BETWEEN ? AND ? AND lacks_details = 1';
    rows<RunRow>(sql, [`run-${beginning}-`, `run-${beginning}~`]).forEach(store);
  };
  return {
    steps: {
      ...steps,
      list: after(ofRun, steps.list),
      retrieve: after(around, steps.retrieve),
      retrieveMetrics: after(around, steps.retrieveMetrics),
      findPosition: after(around, steps.findPosition),
    },
    messages: {
      ...messages,
      list: after(ofRun, messages.list),
      listOfStep: after(around, messages.listOfStep),
      findSequence: after(around, messages.findSequence),
      findPosition: after(around, messages.findPosition),
    },
  };
}

/** Returns a function that calls `look` with an id once what has that id is made. */
function after<Rest extends readonly unknown[], Found>(
  made: (id: string) => void,
  look: (id: string, ...rest: Rest) => Found,
): (id: string, ...rest: Rest) => Found {
  return (id, ...rest) => {
    made(id);
    return look(id, ...rest);
  };
}
