/** What people call the file types that Slack names differently: `quip` is a canvas. */
const CALLED: Record<string, string> = {
  quip: 'canvas',
  docs: 'canvas',
  space: 'post',
  email: 'e-mail',
  huddle_transcript: 'huddle transcript',
};

/** A file type in people's words. */
export function typeName(filetype: string): string {
  return Object.hasOwn(CALLED, filetype) ? (CALLED[filetype] as string) : filetype;
}

/** Slack's file types for a typed word in lower case: `canvas` means `quip` too. */
export function typesCalled(word: string): string[] {
  const others = Object.keys(CALLED).filter((type) => CALLED[type] === word);
  return [word, ...others];
}
