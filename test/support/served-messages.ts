import type { Gateway } from '../../src/gateway.ts';
import { startDetailsGateway } from './details-upstream.ts';
import { execute } from './execute.ts';
import { MESSAGE_FIELDS, MESSAGE_FRAGMENTS } from './message-fields.ts';
import { RUN_ID, type ShownMessage, type StoredMessage } from './message-model.ts';
import { answerMessages } from './parts-model.ts';

interface MessagePage {
  readonly edges: readonly { readonly cursor: string; readonly node: ShownMessage }[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
}

/** A gateway over an API that has one run, whose messages and steps are whatever they are set to. */
export interface ServedMessages extends AsyncDisposable {
  readonly gateway: Gateway;
  /** What was asked upstream. */
  readonly requests: string[];
  /** Sets the messages and the steps of the run, and which messages are left out behind others. */
  serve(stored: readonly StoredMessage[], steps?: readonly unknown[], returns?: ReadonlySet<number>): void;
  /** Asks for a page of the run's messages with all of their fields. */
  page(args: PageOfMessages): Promise<MessagePage>;
}

interface PageOfMessages {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  readonly after?: string | undefined;
  readonly before?: string | undefined;
  readonly types?: readonly string[] | undefined;
}

interface Data {
  readonly run: { readonly messages: MessagePage | null } | null;
}

const PAGE = `query Page($id: ID!, $first: Int, $last: Int, $after: String, $before: String, $types: [MessageType!]) {
  run(id: $id) {
    messages(first: $first, last: $last, after: $after, before: $before, types: $types) {
      edges { cursor node { ${MESSAGE_FIELDS} } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
}
${MESSAGE_FRAGMENTS}`;

export async function serveMessages(): Promise<ServedMessages> {
  const test = await startDetailsGateway();
  const page = async (args: PageOfMessages): Promise<MessagePage> => {
    const answer = await execute<Data, object>(test.gateway, PAGE, { id: RUN_ID, ...args });
    const messages = answer.data?.run?.messages;
    if (!messages || answer.errors) throw new Error(`Unexpected: ${JSON.stringify(answer.errors)}`);
    return messages;
  };
  const served: ServedMessages = {
    gateway: test.gateway,
    requests: test.requests,
    serve(stored, steps = [], returns = new Set()) {
      const messages = stored.map((message, index) => ({
        id: storedId(message),
        items: message.map(({ wire }) => wire),
        isReturn: returns.has(index),
      }));
      test.answers.set(`/v1/runs/${RUN_ID}/messages`, (query) => answerMessages(messages, query));
      test.answers.set(`/v1/runs/${RUN_ID}/steps`, JSON.stringify(steps));
    },
    page,
    [Symbol.asyncDispose]: () => test[Symbol.asyncDispose](),
  };
  served.serve([]);
  return served;
}

function storedId([first]: StoredMessage): string | null {
  const id = first?.shown['messageId'];
  return typeof id === 'string' ? id : null;
}
