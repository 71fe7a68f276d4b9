/** The texts of `../documents/*.graphql`, by the names of the files. The gateway makes the module. */
declare const documents: {
  readonly agentNames: string;
  readonly agents: string;
  readonly cancelRuns: string;
  readonly neighbors: string;
  readonly run: string;
  readonly runEvents: string;
  readonly runs: string;
  readonly runStats: string;
  readonly runUpdates: string;
};
export default documents;
