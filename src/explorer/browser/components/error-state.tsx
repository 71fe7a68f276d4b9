import type { ApiError } from '../../../client/api-error.ts';
import { words } from '../format/text.ts';
import type { ComponentChildren } from '../preact.ts';

/** Titles of errors and what to do about them, by code. */
const ERRORS: Readonly<Record<string, readonly [title: string, advice: string]>> = {
  UNREACHABLE: ['The gateway does not answer', 'It may be restarting. This page reconnects by itself.'],
  PROXY_ERROR: [
    'The gateway can’t be reached',
    'A proxy answers in its place. This page reconnects by itself; if you have to sign in, reload it.',
  ],
  UPSTREAM_UNAVAILABLE: [
    'The runs API is unavailable',
    'Is the Letta server up? The gateway’s log says more.',
  ],
  BAD_USER_INPUT: ['A filter is invalid', 'Remove or correct it.'],
  GRAPHQL_VALIDATION_FAILED: ['This page does not match the gateway', 'Reload the page.'],
  DOCUMENT_NOT_TRUSTED: [
    'This gateway answers trusted documents only',
    'Start it with EXPLORER=on to trust the documents of this page.',
  ],
};

interface Props {
  readonly error: ApiError;
  readonly onRetry?: () => void;
  readonly children?: ComponentChildren;
}

/** Says why a part of the page is missing, and what to do. */
export function ErrorState({ error, onRetry, children }: Props) {
  const { code = 'INTERNAL_SERVER_ERROR', requestId } = error.extensions;
  const [title, advice] = ERRORS[code] ?? [words(code)];
  return (
    <div class="empty" role="alert">
      <h2>{title}</h2>
      <p>
        {error.message} {advice}
      </p>
      {requestId && (
        <p class="muted">
          Request <code>{requestId}</code>, {code}
        </p>
      )}
      <p class="line">
        {onRetry && (
          <button type="button" onClick={onRetry}>
            Retry
          </button>
        )}{' '}
        {children}
      </p>
    </div>
  );
}
