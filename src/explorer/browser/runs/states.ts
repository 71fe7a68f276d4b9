import type { ExplorerRowFragment, ExplorerRunsQueryVariables } from '../__generated__/graphql.ts';

/** The fields that decide the state of a run. */
export type RunState = Pick<ExplorerRowFragment, 'outcome' | 'status' | 'stopReason'>;

interface State {
  readonly label: string;
  /** The SVG path of the icon, which tells states apart without colors. */
  readonly icon: string;
  /** Whether the run can be cancelled. */
  readonly isActive?: true;
  /** The arguments of lists that select such runs, if the status alone doesn't. What waits has a list of its own. */
  readonly filter?: Partial<ExplorerRunsQueryVariables>;
}

/** A status, `PAUSED` for a run that paused for an approval, or `WAITING` if a person can give it. */
export type StateName = ExplorerRowFragment['status'] | 'PAUSED' | 'WAITING';

export const STATES: Readonly<Record<StateName, State>> = {
  CREATED: { label: 'Created', icon: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z', isActive: true },
  RUNNING: { label: 'Running', icon: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5', isActive: true },
  WAITING: { label: 'Needs approval', icon: 'M8 2.5v7M8 13.2v.3', filter: {} },
  PAUSED: { label: 'Paused', icon: 'M5.5 3.5v9M10.5 3.5v9', filter: { outcomes: ['PAUSED'] } },
  COMPLETED: {
    label: 'Completed',
    icon: 'M3 8.5l3.5 3.5L13 4.5',
    filter: { outcomes: ['SUCCEEDED', 'CUT_SHORT'] },
  },
  FAILED: { label: 'Failed', icon: 'M4 4l8 8M12 4l-8 8', filter: { outcomes: ['FAILED'] } },
  CANCELLED: {
    label: 'Cancelled',
    icon: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM4.2 4.2l7.6 7.6',
    filter: { outcomes: ['CANCELLED'] },
  },
  UNRECOGNIZED: { label: 'Unknown', icon: 'M6 6a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1M8 11.8v.4' },
};

export const isState = (name: string): name is StateName => Object.hasOwn(STATES, name);

/** The state that a run's outcome names, or else its status. */
export const stateOf = ({ outcome, status }: RunState): StateName => (isState(outcome) ? outcome : status);

export const isActive = (run: RunState): boolean => STATES[stateOf(run)].isActive === true;

/** Whether the stop reason of a run says more than its state does. */
export const hasNotableStopReason = ({ stopReason }: RunState): boolean =>
  stopReason !== null && !['END_TURN', 'REQUIRES_APPROVAL', 'CANCELLED'].includes(stopReason);
