import { RUNS } from '../documents/runs.ts';
import type { AnswerError } from './api-error.ts';
import { accessToken, answerIn, options, send } from './request.ts';

let asking: Promise<void> | undefined;

/** Whether an error says that the token, or the lack of one, is not accepted. */
export const isRefused = ({ extensions }: AnswerError): boolean => extensions?.code === 'UNAUTHENTICATED';

/** Resolves when there is a token that the gateway accepts; meanwhile the page shows a form. */
export function askForToken(): Promise<void> {
  return (asking ??= ask().finally(() => (asking = undefined)));
}

async function ask(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>('form#token');
  const input = form?.querySelector('input');
  const [label, message] = [form?.querySelector('strong'), form?.querySelector('output')];
  if (!form || !input || !label || !message) throw new Error('The page has no form for a token.');
  if (!options.requiresToken) label.textContent = 'The runs API asks for a key. Enter one that it accepts:';
  let token = accessToken.get();
  while (token === undefined || !(await isAccepted(token))) {
    message.textContent = token === undefined ? '' : 'The gateway does not accept this token.';
    form.hidden = false;
    input.focus();
    input.select();
    await new Promise((resolve) => form.addEventListener('submit', resolve, { once: true }));
    message.textContent = '';
    token = input.value.trim();
  }
  accessToken.set(token);
  input.value = '';
  form.hidden = true;
}

/** Whether the gateway accepts a token, as far as it can be asked. */
async function isAccepted(token: string): Promise<boolean> {
  // Other characters can't be in a header.
  if (!/^[\x21-\x7e]+$/.test(token)) return false;
  try {
    const { errors } = await answerIn(await send(RUNS, { first: 1 }, { token }));
    return !errors.some(isRefused);
  } catch {
    return true;
  }
}
