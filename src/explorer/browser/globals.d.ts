/** What token.js defines. */
interface Window {
  accessToken: {
    /** The token that was accepted last in this tab; null if none was. */
    readonly current: () => string | null;
    /**
     * Resolves with a token that is accepted. Shows a form until there is one.
     *
     * @param isAccepted whether the gateway accepts a token
     */
    readonly ask: (isAccepted: (token: string) => Promise<boolean>) => Promise<string>;
  };
}
