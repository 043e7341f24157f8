/**
 * The version of the reader. It is raised when documents are read better, so that texts of an older one are read anew (see
 * contents/read-file.ts): 2 since texts say which one they are of.
 */
export const READER = 2;
