/** What people call the file types that Slack gives a name of its own: `quip` is a canvas. */
const CALLED: Record<string, string> = {
  quip: 'canvas',
  docs: 'canvas',
  space: 'post',
  email: 'e-mail',
  huddle_transcript: 'huddle transcript',
};

/** A file type as people read it. */
export function typeName(filetype: string): string {
  return Object.hasOwn(CALLED, filetype) ? (CALLED[filetype] as string) : filetype;
}

/** Slack's file types behind a word that somebody typed, in lower case: `canvas` means `quip` too. */
export function typesCalled(word: string): string[] {
  const others = Object.keys(CALLED).filter((type) => CALLED[type] === word);
  return [word, ...others];
}
