import { RUN } from '../documents/run.ts';
import { html, useEffect, useState } from '../dom.ts';
import { type ApiError, asApiError } from '../gateway/api-error.ts';
import { send } from '../gateway/request.ts';
import { ErrorState } from '../parts/error-state.ts';
import { LongText } from '../parts/long-text.ts';

/** The answer of the gateway, as it came. */
export function RawJson({ id }: { readonly id: string }) {
  const [text, setText] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const [isCopied, setCopied] = useState(false);
  const load = (): void => {
    setError(undefined);
    send(RUN, { id })
      .then((response) => response.text())
      .then(setText, (caught: unknown) => setError(asApiError(caught)));
  };
  useEffect(load, [id]);
  if (error !== undefined) return html`<${ErrorState} error=${error} onRetry=${load} />`;
  if (text === undefined) return html`<p class="muted">Loading…</p>`;
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  // Browsers have no clipboard for pages without TLS.
  const button =
    'clipboard' in navigator &&
    html`<button type="button" onClick=${() => void copy()}>
      ${isCopied ? 'Copied' : 'Copy all of it'}
    </button>`;
  return html`${button} <${LongText} text=${text} first=${20_000} />`;
}
