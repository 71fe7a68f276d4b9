import { asApiError } from '../../../client/api-error.ts';
import { FIND } from '../documents/conversations.ts';
import { query } from '../gateway/query.ts';
import { textOf, useState } from '../preact.ts';
import { navigate } from '../router.ts';

/** The pages by the beginnings of ids. */
const PAGES: ReadonlyMap<string, readonly [path: string, noun: string]> = new Map([
  ['run', ['runs', 'run']],
  ['agent', ['agents', 'agent']],
  ['conv', ['conversations', 'conversation']],
  ['default', ['conversations', 'conversation']],
]);

/** A field for the id of a run, an agent or a conversation, which opens its page, or says that there is none. */
export function OpenById() {
  const [message, setMessage] = useState('');
  const open = async (event: SubmitEvent & { readonly currentTarget: HTMLFormElement }): Promise<void> => {
    event.preventDefault();
    const id = textOf(event.currentTarget, 'id');
    const [path, noun] = PAGES.get(id.split('-')[0] ?? '') ?? [];
    if (path === undefined) return setMessage('An id begins with run-, agent- or conv-.');
    try {
      const isConversation = path === 'conversations';
      const { data } = await query(FIND, { id, isConversation });
      const found = isConversation ? data.conversation : data.nodes?.[0];
      if (found) navigate(`${path}/${id}`);
      else setMessage(`There is no ${noun} with this id that you can see.`);
    } catch (error) {
      setMessage(asApiError(error).message);
    }
  };
  return (
    <form class="line" onSubmit={(event) => void open(event)}>
      <input
        name="id"
        placeholder="Open an id"
        aria-label="The id of a run, an agent or a conversation"
        autocomplete="off"
        spellcheck={false}
        required
      />
      <span class="bad" role="status">
        {message}
      </span>
    </form>
  );
}
