// What state a run is in. Completed runs that wait for approval are in a state of their own: they aren't done.

/**
 * @typedef {object} State
 * @property {string} label
 * @property {string} icon the path of its mark, which also tells the states apart without colors
 * @property {boolean} [isActive] whether the run can be cancelled
 * @property {object} [filter] the arguments of lists that find such runs
 */

/** @type {Readonly<Record<string, State>>} */
export const STATES = {
  CREATED: {
    label: 'Created',
    icon: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11z',
    isActive: true,
    filter: { statuses: ['CREATED'] },
  },
  RUNNING: {
    label: 'Running',
    icon: 'M8 2.5a5.5 5.5 0 1 1-5.5 5.5',
    isActive: true,
    filter: { statuses: ['RUNNING'] },
  },
  WAITING: {
    label: 'Needs approval',
    icon: 'M5.5 3.5v9M10.5 3.5v9',
    isActive: true,
    filter: { statuses: ['COMPLETED'], stopReasons: ['REQUIRES_APPROVAL'] },
  },
  COMPLETED: {
    label: 'Completed',
    icon: 'M3 8.5l3.5 3.5L13 4.5',
    filter: { statuses: ['COMPLETED'], notStopReasons: ['REQUIRES_APPROVAL'] },
  },
  FAILED: { label: 'Failed', icon: 'M4 4l8 8M12 4l-8 8', filter: { statuses: ['FAILED'] } },
  CANCELLED: {
    label: 'Cancelled',
    icon: 'M8 2.5a5.5 5.5 0 1 1 0 11 5.5 5.5 0 0 1 0-11zM4.2 4.2l7.6 7.6',
    filter: { statuses: ['CANCELLED'] },
  },
  UNRECOGNIZED: { label: 'Unknown', icon: 'M6 6a2 2 0 1 1 2.7 1.9c-.5.2-.7.5-.7 1.1M8 11.8v.4' },
};

/**
 * @param {{ status: string, stopReason: string | null }} run
 * @returns {string} a key of STATES
 */
export function stateOf({ status, stopReason }) {
  if (status === 'COMPLETED' && stopReason === 'REQUIRES_APPROVAL') return 'WAITING';
  return status in STATES ? status : 'UNRECOGNIZED';
}

/** @param {string} state */
export const isActive = (state) => STATES[state]?.isActive === true;

/**
 * Why a run ended as it did, where its state doesn't say it already.
 *
 * @param {string | null} stopReason
 */
export function tellsMore(stopReason) {
  return stopReason !== null && !['END_TURN', 'REQUIRES_APPROVAL', 'CANCELLED'].includes(stopReason);
}
