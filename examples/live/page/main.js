// Keeps the list as the gateway tells it. Texts are never parsed as HTML.

import { followRuns } from './gateway.js';

/**
 * @import { Run } from './gateway.js'
 */

/** @type {Map<string, Run>} */
const runs = new Map();
const list = document.querySelector('#runs');
const state = document.querySelector('#state');

/**
 * What a person calls the state of a run. One that paused for an approval is COMPLETED in the API; the answer makes a new run.
 *
 * @param {Run} run
 */
function stateOf({ status, stopReason }) {
  const hasPaused = status === 'COMPLETED' && stopReason === 'REQUIRES_APPROVAL';
  return hasPaused ? 'paused for approval' : status.toLowerCase();
}

/** @param {Run} run */
function rowOf(run) {
  const row = document.createElement('li');
  row.dataset['id'] = run.id;
  row.dataset['state'] = stateOf(run);
  for (const text of [
    stateOf(run),
    run.agent?.name ?? '',
    run.id,
    new Date(run.createdAt).toLocaleString(),
  ]) {
    row.append(Object.assign(document.createElement('span'), { textContent: text }));
  }
  return row;
}

function show() {
  // An instant has microseconds, which Date hasn't; in UTC its text has the same order.
  const newestFirst = [...runs.values()].toSorted(
    (a, b) =>
      Date.parse(b.createdAt) - Date.parse(a.createdAt) || (a.createdAt + a.id < b.createdAt + b.id ? 1 : -1),
  );
  for (const run of newestFirst.splice(200)) runs.delete(run.id);
  list?.replaceChildren(...newestFirst.map(rowOf));
}

const changes = followRuns((text) => {
  if (state !== null) state.textContent = text;
});
for await (const change of changes) {
  if ('list' in change) {
    runs.clear();
    for (const run of change.list) runs.set(run.id, run);
  } else if (change.event.kind === 'REMOVED' || change.event.run === null) {
    runs.delete(change.event.runId);
  } else {
    runs.set(change.event.runId, change.event.run);
  }
  show();
}
