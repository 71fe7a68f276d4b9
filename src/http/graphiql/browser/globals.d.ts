/** What the scripts of GraphiQL define, and what they read. */
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
  MonacoEnvironment: {
    /** Whether the editor defines `monaco`. */
    readonly globalAPI: boolean;
    readonly getWorkerUrl: (module: string, label: string) => string;
  };
  monaco: {
    readonly editor: {
      onDidCreateEditor(listener: (editor: Editor) => void): void;
    };
  };
  YogaGraphiQL: { renderYogaGraphiQL(element: Element, options: object): void };
}

interface Editor {
  /** @param options `fontSize` in pixels */
  updateOptions(options: { readonly wordWrap: 'on' | 'off'; readonly fontSize: number }): void;
}
