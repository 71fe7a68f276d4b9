import type {
  ExplorerFactsFragment,
  ExplorerMessagesFragment,
  ExplorerStepsFragment,
} from '../__generated__/graphql.ts';

/** What the page of a run shows. */
export type Facts = ExplorerFactsFragment;
export type StepNode = ExplorerStepsFragment['nodes'][number];
export type Message = ExplorerMessagesFragment['nodes'][number];
