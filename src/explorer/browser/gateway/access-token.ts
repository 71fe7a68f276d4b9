const TOKEN_KEY = 'runs-gateway: access token';
let lastToken: string | undefined;

/** The token that the gateway accepted last, kept as long as the browser's tab. */
export const accessToken = {
  get(): string | undefined {
    return (lastToken ??= inStorage((storage) => storage.getItem(TOKEN_KEY)) ?? undefined);
  },
  set(token: string): void {
    lastToken = token;
    inStorage((storage) => storage.setItem(TOKEN_KEY, token));
  },
};

/** Calls a function with the storage. Some browsers are set to store nothing: then the token lasts as long as the page. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
