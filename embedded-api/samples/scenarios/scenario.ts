/** A tool as an agent calls it, with what it returns. */
export type SampleCall = Readonly<ReturnType<typeof call>>;

/** The purpose of an agent, the question that it is asked, its tool calls, and its replies. */
export interface Scenario extends Readonly<Record<'customer' | 'channel', string>> {
  /** The name of the agent. */
  readonly role: string;
  readonly description: string | null;
  readonly tags: readonly string[];
  /** The question of the customer, and whether a photo comes with it. */
  readonly note: string;
  readonly hasPhoto?: true;
  /** The thought in front of the first call. */
  readonly thought: string;
  /** The calls on which the reply rests; the first one is also the one that can fail, with this error. */
  readonly calls: readonly [SampleCall, SampleCall];
  readonly error: string;
  /** The topic that the agent looks up, a page at a time, after both calls. */
  readonly topic: string;
  /** The call that a person has to approve, and the reason of one who doesn't. */
  readonly approved: SampleCall;
  readonly denial: string;
  /** Replies before any look-up, after both calls, after the approved call or its denial, and after a failure. */
  readonly replies: Readonly<Record<'question' | 'done' | 'approved' | 'denied' | 'failed', string>>;
  readonly isEnglish?: true;
}

export function call(name: string, args: Readonly<Record<string, unknown>>, result: string) {
  return { name, arguments: args, result };
}
