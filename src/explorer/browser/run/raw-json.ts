import { RUN } from '../documents/run.ts';
import { html, useState } from '../dom.ts';
import { type ApiError, asApiError } from '../gateway/api-error.ts';
import { send } from '../gateway/request.ts';
import { ErrorState } from '../parts/error-state.ts';
import { LongText } from '../parts/long-text.ts';

/** The answer of the gateway, which is read when it is unfolded. */
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
