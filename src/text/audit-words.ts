/** What the audit log calls each action: the words that it shows, and that can be asked for with `action:`. */
export const AUDIT_WORDS = {
  stored: 'saved',
  version: 'later version saved',
  version_removed: 'older version deleted',
  skipped: 'not saved',
  failed: 'failed',
  trashed: 'deleted',
  restored: 'restored',
  purged: 'deleted forever',
  purge_ordered: 'to be deleted forever',
  purge_retained: 'locked by the bucket',
  link: 'downloaded',
  preview: 'previewed',
  posted: 'card posted',
  shared: 'shared with a channel',
  unshared: 'taken back from a channel',
  given: 'shared with a person',
  given_back: 'taken back from a person',
  retried: 'tried again',
  lost: 'lost in the bucket',
  deleted_in_slack: 'deleted in Slack',
  hold_set: 'put on hold',
  hold_lifted: 'hold lifted',
  rules: 'rules changed',
  joined: 'bot added to a channel',
  exported: 'exported',
  scanned: 'malware check',
  released: 'released',
  looked: 'looked at',
  kept: 'chose to keep',
  kept_ended: 'stopped keeping',
  warned: 'warned of retention',
} as const;

const plain = (words: string) =>
  words
    .toLowerCase()
    .replace(/[\s_-]+/g, ' ')
    .trim();

/** The action that these words name: those of the log, or its short name; undefined for none. */
export function actionNamed(words: string): keyof typeof AUDIT_WORDS | undefined {
  const said = plain(words);
  const found = Object.entries(AUDIT_WORDS).find(
    ([name, shown]) => plain(shown) === said || plain(name) === said,
  );
  return found?.[0] as keyof typeof AUDIT_WORDS | undefined;
}
