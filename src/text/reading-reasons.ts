/** Why the text of a file is not searched, or not all of it. */
export const readingReasons: Readonly<Record<string, string>> = {
  password_protected: 'it is locked with a password',
  damaged: 'it is damaged',
  too_large: 'it is too large',
  took_too_long: 'it took too long to read',
  not_readable: 'there is no text in it that can be read',
  kind_not_read: 'documents of its kind are not read',
  pictures_not_read: 'some of its pages are pictures',
  broke: 'it could not be read',
};
