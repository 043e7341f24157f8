/** Some text of a document, and the page or slide that it stands on. */
export interface Part {
  /** Counted from 1; null where a format has no pages. */
  page: number | null;
  text: string;
}

/** What could be read of a document. */
export interface Reading {
  parts: Part[];
  /** Why the rest was not read; null when all of it was. */
  stopped: ReadingCode | null;
}

/** A small picture of a document's first page. */
export interface Picture {
  kind: 'png' | 'jpeg';
  bytes: Buffer;
}

/** What became of a document; `picture` where one was asked for and could be made. */
export interface ReadDocument extends Reading {
  picture?: Picture;
}

export type ReadingCode =
  | 'password_protected'
  | 'damaged'
  | 'too_large' // more text, or more memory, than a document may take
  | 'took_too_long'
  | 'not_readable' // nothing in which anybody expects a text: a picture, a program
  | 'kind_not_read' // a document, of a kind that the vault does not read
  | 'pictures_not_read' // text, and pages that are pictures beside it, in which nobody looked for letters
  | 'broke'; // the reading process ended, and nobody knows why

/** Nothing could be read, and why. */
export class ReadingError extends Error {
  readonly code: ReadingCode;

  constructor(code: ReadingCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ReadingError';
    this.code = code;
  }
}
