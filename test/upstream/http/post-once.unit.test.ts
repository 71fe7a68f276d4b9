import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { postOnce } from '../../../src/upstream/http/post-once.ts';
import { createRetryBudgets } from '../../../src/upstream/http/retry-budget.ts';
import { noTelemetry } from '../../../src/upstream/telemetry.ts';

const REFUSED = new UpstreamError('UPSTREAM_UNAVAILABLE', 'refused', { retry: 'always' });
const RESET = new UpstreamError('UPSTREAM_UNAVAILABLE', 'reset', { retry: 'always' });
const AT_ONCE = new UpstreamError('RATE_LIMITED', '429', {
  status: 429,
  retry: 'if-retry-after',
  retryAfterMs: 0,
});
const NEVER = new AbortController().signal;

const options = (timeoutMs = 5000) => ({
  timeoutMs,
  budget: createRetryBudgets().of('one'),
  telemetry: noTelemetry,
  random: () => 0,
});

type Step = 'answered' | { readonly sent: boolean; readonly error: Error };
const unsent = (error: Error): Step => ({ sent: false, error });
const sent = (error: Error): Step => ({ sent: true, error });

/** Plays one step for each attempt. */
async function play(...steps: readonly Step[]) {
  let attempts = 0;
  const outcome = await postOnce(
    async (_signal, onSend) => {
      const step = steps[attempts++] ?? 'answered';
      if (step === 'answered' || step.sent) onSend();
      if (step !== 'answered') throw step.error;
    },
    NEVER,
    options(),
  );
  return { ...outcome, attempts };
}

describe('A POST', () => {
  it.each<[string, readonly Step[], attempts: number, wasSent: boolean, code: string | undefined]>([
    ['is sent once', ['answered'], 1, true, undefined],
    ['is tried again while nothing was sent', [unsent(REFUSED), 'answered'], 2, true, undefined],
    ['is given up after two retries', [1, 2, 3, 4].map(() => unsent(REFUSED)), 3, false, REFUSED.code],
    ['is not sent again once it was sent', [sent(RESET), 'answered'], 1, true, RESET.code],
    ['nor by a later attempt', [unsent(REFUSED), sent(RESET), 'answered'], 2, true, RESET.code],
    ['nor where the upstream says when', [sent(AT_ONCE), 'answered'], 1, true, AT_ONCE.code],
  ])('%s', async (_name, steps, attempts, wasSent, code) => {
    const { error, ...rest } = await play(...steps);
    expect({ ...rest, code: error?.code }).toEqual({ attempts, wasSent, code });
  });

  it('keeps what is known of its failure', async () => {
    const { error } = await play(sent(AT_ONCE));
    expect(error).toMatchObject({ message: '429', status: 429, retryAfterSeconds: 0, cause: AT_ONCE });
  });

  it('rejects with what is unexpected', async () => {
    const bug = new TypeError('x');
    await expect(play(sent(bug))).rejects.toBe(bug);
  });

  it('that was sent and has no answer ends at the deadline', async () => {
    const outcome = await postOnce(
      (signal, onSend) => {
        onSend();
        return new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        });
      },
      NEVER,
      options(30),
    );
    expect(outcome).toMatchObject({ wasSent: true, error: { code: 'UPSTREAM_TIMEOUT' } });
  });
});

describe('A client that disconnects', () => {
  const gone = new Error('gone');

  it('before the POST begins, or while it waits, is the end of it', async () => {
    await expect(postOnce(async () => undefined, AbortSignal.abort(gone), options())).rejects.toBe(gone);
    const client = new AbortController();
    const waiting = postOnce(
      (signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason));
        }),
      client.signal,
      options(),
    );
    client.abort(gone);
    await expect(waiting).rejects.toBe(gone);
  });

  it('between two attempts is the end of it as well', async () => {
    const client = new AbortController();
    let attempts = 0;
    const attempt = async (): Promise<never> => {
      attempts++;
      setTimeout(() => client.abort(gone), 5);
      throw REFUSED;
    };
    await expect(
      postOnce(attempt, client.signal, { ...options(), random: () => 0.9 }),
    ).rejects.toBeInstanceOf(Error);
    expect(attempts).toBe(1);
  });

  it('after it was sent leaves it alone', async () => {
    const client = new AbortController();
    const { promise, resolve } = Promise.withResolvers<void>();
    let signalOfAttempt: AbortSignal | undefined;
    const posted = postOnce(
      (signal, onSend) => {
        signalOfAttempt = signal;
        onSend();
        return promise;
      },
      client.signal,
      options(),
    );
    client.abort(gone);
    expect(signalOfAttempt?.aborted).toBe(false);
    resolve();
    expect(await posted).toEqual({ wasSent: true, error: undefined });
  });
});
