// The answer of the gateway, as it came.

import { asApiError, queryText } from '../../api.js';
import documents from '../../documents.js';
import { html, useEffect, useState } from '../../dom.js';
import { ErrorState } from '../../widgets.js';
import { LongText } from './text.js';

/** @param {{ id: string }} props */
export function Raw({ id }) {
  const [text, setText] = useState(/** @type {string | undefined} */ (undefined));
  const [error, setError] = useState(/** @type {import('../../api.js').ApiError | undefined} */ (undefined));
  const [isCopied, setCopied] = useState(false);
  const load = () => {
    setError(undefined);
    queryText(documents.run, { id }).then(setText, (caught) => setError(asApiError(caught)));
  };
  useEffect(load, [id]);
  if (error !== undefined) return html`<${ErrorState} error=${error} onRetry=${load} />`;
  if (text === undefined) return html`<p class="muted">Loading…</p>`;
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  return html`${
      /* Browsers have no clipboard for pages without TLS. */ navigator.clipboard &&
      html`<button type="button" onClick=${() => void copy()}>
        ${isCopied ? 'Copied' : 'Copy all of it'}
      </button>`
    } <${LongText} text=${text} first=${20_000} />`;
}
