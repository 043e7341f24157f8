/**
 * The version of the reader. It is raised when documents are read better, so that texts of an older one are read anew (see
 * contents/read-file.ts): 2 since texts say which one they are of, 3 since letters in heads of mails are whole and more old encodings are told apart.
 */
export const READER = 3;
