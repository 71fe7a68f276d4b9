/** What the scripts of GraphiQL define, and what they read. */
interface Window {
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
