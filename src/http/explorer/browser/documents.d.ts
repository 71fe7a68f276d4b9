/** The texts of `../documents/*.graphql`, by the names of the files. The gateway makes the module. */
declare const documents: {
  readonly runs: string;
};
export default documents;
