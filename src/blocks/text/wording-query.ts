/** Every sentence about how typed words were read. Arguments are mrkdwn unless the comment says plain. */
export const query = {
  unknown: {
    filter: (typed: string) => `I do not know ${typed}.`,
    person: (typed: string) =>
      `I do not know ${typed}. Pick the person from the menu that Slack shows after the @.`,
    channel: (typed: string) =>
      `I do not know ${typed}. Pick the channel from the menu that Slack shows after the #.`,
    date: (typed: string) =>
      `I do not know ${typed}. Write a day like \`2026-12-31\`, \`yesterday\` or \`last week\`.`,
    type: (typed: string) => `I do not know ${typed}. Write it like \`type:pdf\` or \`type:images\`.`,
    size: (typed: string) => `I do not know ${typed}. Write it like \`size:>10mb\`.`,
    digest: (typed: string) =>
      `I do not know ${typed}. Give at least eight digits, like \`sha256:9f86d081\`.`,
    place: (typed: string) =>
      `${typed} says where to look for words. Type some, too, like \`in:text budget\`.`,
    exclusion: (typed: string) => `I cannot leave out ${typed}.`,
  },
  nearest: (typed: string, nearest: string) => `I do not know ${typed}. Did you mean ${nearest}?`,
  searched: (typed: string) => `I do not know ${typed}, so I searched for it as it stands.`,
  twoDays: (typed: string, read: string, other: string) => `I read ${typed} as ${read}, not as ${other}.`,
  without: (words: string[]) => `Without ${words.join(', ')}`,
  named: (patterns: string[]) => `Named ${patterns.join(' or ')}`,
  bare: (typed: string) => `For a name with ${typed} in it, use quotes.`,
  /** Plain. */
  instead: (plainWords: string) => `Search ${plainWords}`,
};
