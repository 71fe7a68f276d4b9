// Asks for an access token. The page loads this before its other scripts, and has a
// form with the id `token`.

/** Tokens are kept as long as the browser's tab. */
const TOKEN_KEY = 'runs-gateway: access token';

/** Some browsers are set to store nothing: then the token lasts as long as the page. @type {string | null} */
let known = null;
try {
  known = sessionStorage.getItem(TOKEN_KEY);
} catch {}

/** @param {string | null} token */
function keep(token) {
  known = token;
  try {
    if (token === null) sessionStorage.removeItem(TOKEN_KEY);
    else sessionStorage.setItem(TOKEN_KEY, token);
  } catch {}
}

window.accessToken = {
  current: () => known,

  async ask(isAccepted) {
    const form = document.querySelector('form#token');
    const input = form?.querySelector('input');
    const message = form?.querySelector('output');
    if (!(form instanceof HTMLElement) || !input || !message)
      throw new Error('The page has no form for a token.');
    let token = known;
    while (token === null || !(await isAccepted(token))) {
      keep(null);
      message.textContent = token === null ? '' : 'The gateway does not accept this token.';
      form.hidden = false;
      input.focus();
      input.select();
      token = await new Promise((resolve) => {
        const submit = (/** @type {Event} */ event) => {
          event.preventDefault();
          message.textContent = '';
          resolve(input.value.trim());
        };
        form.addEventListener('submit', submit, { once: true });
      });
    }
    keep(token);
    input.value = '';
    form.hidden = true;
    return token;
  },
};
