/** A tool as an agent calls it, with what it returns. */
export interface SampleCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result: string;
}

/** What one agent is for, what it is asked, what it does about it, and what it replies. All of it belongs together. */
export interface Scenario {
  /** The name of the agent. */
  readonly role: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly customer: string;
  readonly channel: string;
  /** What the customer asks. */
  readonly note: string;
  /** Whether a photo comes with it. */
  readonly hasPhoto?: true;
  /** The thought in front of the first call. */
  readonly thought: string;
  /** The calls on which the reply rests; the first one is also the one that can fail. */
  readonly calls: readonly [SampleCall, SampleCall];
  /** What the first call says instead when it fails. */
  readonly error: string;
  /** Where it looks for more, a page at a time. */
  readonly topic: string;
  /** The call that a person has to approve. */
  readonly approved: SampleCall;
  /** The reason of a person who doesn't approve. */
  readonly denial: string;
  readonly replies: {
    /** Before anything was looked up. */
    readonly question: string;
    /** After both calls. */
    readonly done: string;
    /** After that, once the third call was approved and made. */
    readonly approved: string;
    /** Once it was denied. */
    readonly denied: string;
    /** After the first call has failed. */
    readonly failed: string;
  };
  readonly isEnglish?: true;
}

export function call(name: string, args: SampleCall['arguments'], result: string): SampleCall {
  return { name, arguments: args, result };
}
