import type { ResponseError } from '../../../client/api-error.ts';
import { RUNS } from '../documents/runs.ts';
import { options } from '../page-options.ts';
import { accessToken, readResult, send } from './request.ts';

let pending: Promise<void> | undefined;

/** Whether an error says that the token is refused or missing. */
export const isRefused = ({ extensions }: ResponseError): boolean => extensions?.code === 'UNAUTHENTICATED';

/** Shows a form until the gateway accepts a token. */
export function askForToken(): Promise<void> {
  return (pending ??= showForm().finally(() => (pending = undefined)));
}

async function showForm(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>('form#token');
  const input = form?.querySelector('input');
  const [label, message] = [form?.querySelector('strong'), form?.querySelector('output')];
  if (!form || !input || !label || !message) throw new Error('The page has no form for a token.');
  if (!options.requiresToken) label.textContent = 'The runs API needs a key:';
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

/** Whether the gateway accepts a token; true also if it can't be reached. */
async function isAccepted(token: string): Promise<boolean> {
  // A header can't have other characters.
  if (!/^[\x21-\x7e]+$/.test(token)) return false;
  try {
    const { errors } = await readResult(await send(RUNS, { first: 1 }, { token }));
    return !errors.some(isRefused);
  } catch {
    return true;
  }
}
