import './run-text-messages.ts';
import './run-tool-messages.ts';
import './run-other-messages.ts';

// The interface, once all of its types are there.
export { isOfTypes } from './message-types.ts';
export { RunMessageRef } from './run-message.ts';
