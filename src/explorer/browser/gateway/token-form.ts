import { RUNS } from '../documents/runs.ts';
import { asApiError } from './api-error.ts';
import { accessToken, options, query } from './request.ts';

let asking: Promise<void> | undefined;

/** Resolves when there is a token that the gateway accepts; meanwhile the page shows a form. */
export function askForToken(): Promise<void> {
  return (asking ??= ask().finally(() => (asking = undefined)));
}

async function ask(): Promise<void> {
  const form = document.querySelector<HTMLFormElement>('form#token');
  const [label, input, message] = [
    form?.querySelector('strong'),
    form?.querySelector('input'),
    form?.querySelector('output'),
  ];
  if (!form || !label || !input || !message) throw new Error('The page has no form for a token.');
  if (!options.requiresToken) label.textContent = 'The runs API asks for a key. Enter one that it accepts:';
  let token = accessToken.get();
  while (token === undefined || !(await isAccepted(token))) {
    accessToken.set(undefined);
    message.textContent = token === undefined ? '' : 'The gateway does not accept this token.';
    form.hidden = false;
    input.focus();
    input.select();
    token = await new Promise<string>((resolve) => {
      const submit = (event: Event): void => {
        event.preventDefault();
        message.textContent = '';
        resolve(input.value.trim());
      };
      form.addEventListener('submit', submit, { once: true });
    });
  }
  accessToken.set(token);
  input.value = '';
  form.hidden = true;
}

/** Whether the gateway accepts a token, as far as it can be asked. */
async function isAccepted(token: string): Promise<boolean> {
  // What no header can hold.
  if (!/^[\x21-\x7e]+$/.test(token)) return false;
  try {
    const { errors } = await query(RUNS, { first: 1 }, { token });
    return errors.every(({ extensions }) => extensions?.code !== 'UNAUTHENTICATED');
  } catch (error) {
    return asApiError(error).code !== 'UNAUTHENTICATED';
  }
}
