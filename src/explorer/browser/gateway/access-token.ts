const KEY = 'runs-gateway: access token';
let known: string | undefined;

/** The token that the gateway accepted last. It is kept as long as the browser's tab. */
export const accessToken = {
  get(): string | undefined {
    return (known ??= stored((storage) => storage.getItem(KEY)) ?? undefined);
  },
  set(token: string | undefined): void {
    known = token;
    stored((storage) => (token === undefined ? storage.removeItem(KEY) : storage.setItem(KEY, token)));
  },
};

/** Some browsers are set to store nothing: then the token lasts as long as the page. */
function stored<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}
