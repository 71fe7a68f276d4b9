import { html } from '../dom.ts';
import { brief } from '../format/text.ts';
import { type StateName, stateOf, STATES, type RunState } from '../runs/states.ts';

/** A mark of a state, without words. */
export function StateMark({ state }: { readonly state: StateName }) {
  return html`<svg class="mark" data-state=${state} viewBox="0 0 16 16" aria-hidden="true">
    <path d=${STATES[state].icon} />
  </svg>`;
}

/** The state of a run with its mark. */
export function StateLabel({ run }: { readonly run: RunState & { readonly rawStatus: string | null } }) {
  const state = stateOf(run);
  const label = state === 'UNRECOGNIZED' ? brief(run.rawStatus ?? 'Unknown') : STATES[state].label;
  return html`<span class="state" data-state=${state}><${StateMark} state=${state} /> ${label}</span>`;
}
