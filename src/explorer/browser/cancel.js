// Cancels runs, and says what came of it for as long as it is true.

import { asApiError, queryField } from './api.js';
import documents from './documents.js';
import { isActive } from './states.js';
import { createStore } from './store.js';

/**
 * @typedef {object} Alert
 * @property {string} runId
 * @property {'good' | 'bad' | 'info'} tone
 * @property {string} text
 * @property {boolean} whileActive whether it holds only as long as the run has not ended
 */

/** Milliseconds for which good news is shown. */
const SHOWN_MS = 8000;

/** @type {{ alerts: readonly Alert[], sending: readonly string[] }} */
const NONE = { alerts: [], sending: [] };
/** What is being cancelled, and what came of it. */
export const cancellations = createStore(NONE);

/** @param {string} runId */
export function forget(runId) {
  cancellations.set({ alerts: cancellations.get().alerts.filter((alert) => alert.runId !== runId) });
}

/** @param {Alert} alert takes the place of others about the run */
function show(alert) {
  forget(alert.runId);
  cancellations.set({ alerts: [...cancellations.get().alerts, alert] });
  const isLasting = alert.whileActive;
  if (!isLasting)
    setTimeout(() => cancellations.get().alerts.includes(alert) && forget(alert.runId), SHOWN_MS);
}

/**
 * Tells of a run as it is now: what no longer holds of it goes away.
 *
 * @param {{ id: string, state: string }} run
 */
export function sawRun({ id, state }) {
  if (isActive(state)) return;
  const { alerts } = cancellations.get();
  if (alerts.some(({ runId, whileActive }) => runId === id && whileActive)) forget(id);
}

/**
 * Cancels a run.
 *
 * @param {string} id
 * @param {string} name of the run, for what is said of it
 * @returns {Promise<any>} the run as it is now; null if that isn't known
 */
export async function cancelRun(id, name) {
  forget(id);
  cancellations.set({ sending: [...cancellations.get().sending, id] });
  try {
    const { runs, failures } = await queryField(documents.cancelRuns, { ids: [id] }, 'cancelRuns');
    const [failure] = failures;
    if (failure === undefined)
      show({ runId: id, tone: 'good', text: `Cancelled: ${name}.`, whileActive: false });
    else {
      const hasEnded = failure.code === 'ALREADY_ENDED';
      const tone = hasEnded ? 'info' : 'bad';
      show({ runId: id, tone, text: `${name}: ${failure.message}`, whileActive: !hasEnded });
    }
    return runs[0] ?? null;
  } catch (error) {
    const { message } = asApiError(error);
    show({ runId: id, tone: 'bad', text: `${name} was not cancelled: ${message}`, whileActive: true });
    return null;
  } finally {
    cancellations.set({ sending: cancellations.get().sending.filter((other) => other !== id) });
  }
}
