import { type ComponentChildren, html } from '../dom.ts';

/** What is in the place of rows until there are some. */
export function Skeleton() {
  return html`<div class="skeleton" role="status" aria-label="Loading runs">
    ${Array.from({ length: 12 }, (_, index) => html`<div key=${index} class="row"><span /></div>`)}
  </div>`;
}

/**
 * What is said where there are no runs.
 *
 * @param children what clears the filters, if there are some
 */
export function Empty({ children }: { readonly children?: ComponentChildren }) {
  if (children) {
    return html`<div class="empty" role="status">
      <h2>No runs match these filters</h2>
      <p>Runs that match appear here as they are created.</p>
      <p class="buttons">${children}</p>
    </div>`;
  }
  return html`<div class="empty" role="status">
    <h2>No runs yet</h2>
    <p>A run appears here as soon as an agent is sent a message, from the Letta ADE, an SDK, or like this:</p>
    <pre>
curl http://localhost:8283/v1/agents/AGENT_ID/messages \\
  -H 'content-type: application/json' \\
  -d '{"messages": [{"role": "user", "content": "Hello"}]}'</pre>
    <p>
      Is this the wrong server? Start the gateway with the address of yours in <code>LETTA_BASE_URL</code>.
    </p>
  </div>`;
}
