import type { Deviation } from './deviation.ts';

interface Known {
  /** Check, look and path. */
  where: RegExp;
  kinds: ReadonlyArray<Deviation['kind']>;
}

/**
 * Where Slack was seen to differ from the sandbox and the vault can bear it. Such a difference is told among those that
 * do not matter. Each with its source.
 */
const KNOWN: Known[] = [
  // Recorded without it by slackapi/bolt-python (tests/slack_bolt/request); the message has its own.
  { where: /file_(shared|unshared|deleted)\.body\.payload\.event\.event_ts$/, kinds: ['missing'] },
  // A message with files may have no subtype (zulip/zulip, Slack fixtures): the vault looks at the files alone.
  { where: /message\.body\.payload\.event\.subtype$/, kinds: ['missing'] },
  // Recorded with only the id and the title (slackapi/java-slack-sdk, json-logs). The vault never uploads.
  { where: /^file\.share completed\.body\.files\[\]\.(?!id$)/, kinds: ['missing'] },
  // `{}` where a list should be (a recorded files.info, slackapi/java-slack-sdk issue 1426). The vault reads `shares`.
  { where: /\bfile(s\[\])?\.(channels|groups|ims)$/, kinds: ['other kind', 'missing'] },
  // A recorded clip of a screen has none; others are transcribed later (gregnwosu/slackbot, tests/slackbot).
  { where: /^person\.clip .*\.transcription(\.status)?$/, kinds: ['missing', 'other word'] },
  // Both forms of `hosted` files were recorded, with the second address and without it: the first then counts.
  { where: /\burl_private_download$/, kinds: ['missing'] },
  // A caller without a token is sent to the sign-in page or gets it at once: both were met (slackapi/deno-slack-sdk#285).
  {
    where: /^file\.bytes without a token\.(status|headers\.)/,
    kinds: ['missing', 'other word', 'other form'],
  },
  // The vault names and describes what it downloads itself.
  { where: /^file\.bytes download\.headers\.(content-disposition|etag)$/, kinds: ['missing'] },
  // AWS sends XML in chunks, without its length (docs.aws.amazon.com/AmazonS3/latest/API, ListObjectsV2's sample).
  {
    where: /^bucket\.(?!head|get|parts head|missing head)\S+ [^.]*\.headers\.content-(length|type)$/,
    kinds: ['missing'],
  },
];

/** Whether this difference is known, and harmless. */
export function isKnown(where: string, { kind }: Deviation): boolean {
  return KNOWN.some((one) => one.kinds.includes(kind) && one.where.test(where));
}

/** What people choose themselves: which file they share, and how they record. */
const OPEN: Record<string, RegExp> = {
  filetype: /./,
  // Slack's own words, documented or recorded.
  mode: /^(hosted|snippet|external|email|list|quip|canvas|docs|space|post)$/,
  subtype: /^(slack_audio|slack_video)$/,
  media_display_type: /./,
};

/** Whether a word is free in this check, because a person chose what it says. */
export function isOpen(check: string, { kind, path, seen }: Deviation): boolean {
  if (kind !== 'other word' || !check.startsWith('person.')) return false;
  const [key = ''] = /[^.]*$/.exec(path) ?? [];
  return Object.hasOwn(OPEN, key) && (OPEN[key]?.test(seen) ?? false);
}
