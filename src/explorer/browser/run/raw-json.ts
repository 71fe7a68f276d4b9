import { ErrorState } from '../components/error-state.ts';
import { LongText } from '../components/fold.ts';
import { RUN } from '../documents/run.ts';
import { type ApiError, asApiError } from '../gateway/api-error.ts';
import { send } from '../gateway/request.ts';
import { html, useState } from '../preact.ts';

/** The gateway's answer for a run, requested when the section is unfolded. */
export function RawJson({ id }: { readonly id: string }) {
  const [text, setText] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const load = async (): Promise<void> => {
    setError(undefined);
    try {
      const response = await send(RUN, { id });
      setText(await response.text());
    } catch (caught) {
      setError(asApiError(caught));
    }
  };
  const onToggle = ({ currentTarget }: { readonly currentTarget: HTMLDetailsElement }): void => {
    if (currentTarget.open) void load();
  };
  return html`<details class="fold" onToggle=${onToggle}>
    <summary>Raw JSON</summary>
    <div class="folded">
      ${
        error
          ? html`<${ErrorState} error=${error} onRetry=${() => void load()} />`
          : text === undefined
            ? html`<p class="muted">Loading…</p>`
            : html`<${LongText} value=${text} first=${100_000} />`
      }
    </div>
  </details>`;
}
