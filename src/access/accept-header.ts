import { Refusal } from './refusal.ts';

/** The media ranges of Yoga's responses, and of events. Weights are ignored, as Yoga ignores them. */
const RESPONSES =
  /^(?:\*\/\*|application\/(?:\*|json|graphql-response\+json)|multipart\/(?:\*|mixed)|text\/(?:\*|event-stream))$/;
const EVENTS = /^(?:\*\/\*|text\/(?:\*|event-stream))$/;

export const notAcceptable = new Refusal(
  'NOT_ACCEPTABLE',
  'No acceptable media type: expected an Accept header with application/graphql-response+json or application/json.',
  { headers: { vary: 'accept' } },
);

/** The refusal of a subscription by a client that doesn't accept events. */
export const needsStream = new Refusal(
  'NOT_ACCEPTABLE',
  'The results are a stream: send `Accept: text/event-stream`, or use a WebSocket.',
);

/** Whether a client accepts any media type that is served. @param accept its `Accept` header */
export const acceptsResponses = (accept: unknown): boolean => accepts(accept, RESPONSES);

/** Whether a client accepts server-sent events. */
export const acceptsEvents = (accept: unknown): boolean => accepts(accept, EVENTS);

function accepts(accept: unknown, types: RegExp): boolean {
  if (typeof accept !== 'string' || accept === '') return true;
  return accept
    .toLowerCase()
    .split(',')
    .some((range) => {
      const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
      return types.test(type) && parameters.every((each) => !/^charset=(?!"?utf-8)/.test(each));
    });
}

/** Returns the JSON type that Yoga chooses: the first that the client names. */
export function jsonTypeFor(accept: string | null): string {
  const strict = 'application/graphql-response+json';
  const [first] = /application\/(?:graphql-response\+json|json|\*)|\*\/\*/i.exec(accept ?? '') ?? [];
  return first?.toLowerCase() === strict ? strict : 'application/json';
}
