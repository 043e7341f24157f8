/** What people read about the state of the vault; the rest is in wording.ts. Arguments are safe mrkdwn. */
import type { FindingKind } from '../../catalog/alerts/findings.ts';
import { BOT_HANDLE, BOT_NAME, COMMAND } from '../../text/handles.ts';
import { common, count, numbers } from './wording.ts';

export const findingWords: Record<FindingKind, string> = {
  missing: 'missing',
  wrong_size: 'of the wrong size',
  wrong_bytes: 'with wrong bytes',
  unreadable: 'that cannot be read',
  no_key: 'without a place',
  unknown: 'unknown',
  unpurged: 'back after removal',
  overdue_trash: 'overdue in the trash',
  unfinished_upload: 'unfinished uploads',
};

export const alerts = {
  failing: (files: number, reason: string) => `${count(files, 'file')} can’t be saved. ${reason}`,
  scope: (scope: string, manifest = 'manifest.yml') =>
    `The scope ${scope} is missing. Update the Slack app from \`${manifest}\` and reinstall it.`,
  removed: (channel: string) =>
    `I am no longer in ${channel}, so new files there are not saved. To change that, type \`/invite @${BOT_HANDLE}\` there.`,
  unsaved: (channel: string, mayJoin: boolean) =>
    `Files are shared in ${channel}, but I am not in it, so they are not saved. To change that, type \`/invite @${BOT_HANDLE}\` there${mayJoin ? `, or press *Join* in \`${COMMAND} status\`` : ''}.`,
  savedNow: (channel: string) => `I am in ${channel} now.`,
  renewed: (lost: string, met: string) =>
    `${lost} is gone from Slack, and ${met} looks like the same channel with a new id. If it is, press *It is the same channel*, and its members find the older files again.`,
  settled: (lost: string) => `It is settled what became of ${lost}.`,
  moved: (met: string) => `The older files belong to ${met} now.`,
  same: 'It is the same channel',
  sameLabel: (lost: string) => `It is the same channel: move the files of ${lost} there`,
  verify: (findings: string) =>
    `The catalog and the bucket do not agree: ${findings}. \`npm run verify\` shows more, \`npm run verify -- --repair\` repairs it.`,
  stored: (reason: string) => `Files are saved again. (It was: ${reason})`,
  scopeBack: (scope: string) => `The scope ${scope} is back.`,
  back: (channel: string) => `I am back in ${channel}.`,
  agree: 'The catalog and the bucket agree again.',
  told: ' An admin has been told.',
  willBeTold: ' If it stays, an admin is told.',
  weakProof: {
    md5: 'The bucket has no CRC-32, so files are checked by their MD5.',
    size: 'The bucket has no checksums, so only sizes are checked. `npm run verify -- --deep` reads all files back.',
  },
  title: (n: number) => `*${BOT_NAME} needs help* · ${count(n, 'thing')}`,
  titleMended: `*${BOT_NAME} is fine again*`,
  text: (first: string) => `${BOT_NAME} needs help: ${first}`,
  mendedText: `${BOT_NAME} is fine again.`,
  line: (sentence: string) => `:warning: ${sentence}`,
  mended: (sentence: string, moment: string) => `:white_check_mark: ${sentence} · ${moment}`,
  hint: `\`${COMMAND} status\` shows more.`,
  hintAgain: `Nothing is lost: it is tried again. \`${COMMAND} status\` shows more.`,
  mendedHint: 'Nothing was lost.',
  nothing: `:white_check_mark: ${BOT_NAME} is fine.`,
};

/** How sentences about the bucket's errors end for people who are not admins. */
export const NEEDS_ADMIN = ' An admin needs to look at it.';

/** Sentences about a scope that the app lacks. */
export const scopeWords = {
  everybody: `Slack wants a permission that ${BOT_NAME} does not have.`,
  someScope: 'A scope is missing. Update the Slack app from `manifest.yml` and reinstall it.',
};

/** What an admin can do about each code of a failed capture. */
export const remedies: Record<string, string> = {
  bucket_credentials:
    'Check `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY` (or `AWS_PROFILE`), then start the bot again.',
  bucket_missing: 'Create the bucket again, or correct `VAULT_BUCKET`.',
  bucket_forbidden: 'Allow the bot’s key to write to the bucket.',
  bucket_region: 'Correct `AWS_REGION`.',
  bucket_clock: 'Set the clock of the bot’s machine right.',
  bucket_proxy: 'Check the proxy between the bot and the bucket (`HTTPS_PROXY`, `NO_PROXY`).',
  bucket_kms: 'Allow the bot’s key to use the bucket’s encryption key.',
  bucket_not_s3: 'Correct `AWS_ENDPOINT_URL_S3`.',
  bucket_unable: 'See docs/storage.md: the bucket’s server lacks something.',
  object_archived: 'Restore the object in the bucket.',
  object_retained: 'It ends with its retention or legal hold in the bucket.',
  bucket_full: 'Make room in the bucket, or raise its quota.',
  bucket_unreachable: 'Check the bucket’s server and the network to it.',
  bucket_untrusted: 'The bot’s log says what is wrong with the certificate of the bucket’s server.',
  bucket_stalled: 'Check the bucket’s server and the network to it.',
  bucket_busy: 'It should pass. If it stays, check the bucket’s server.',
  bucket_failed: 'It should pass. If it stays, check the bucket’s server.',
  login_page: 'Reinstall the Slack app, so that its token may read files.',
  unauthorized: 'Reinstall the Slack app, so that its token may read files.',
  forbidden: 'Reinstall the Slack app, so that its token may read files.',
  way_blocked: 'The bot’s log says which proxy or certificate is in the way.',
  unreachable: 'Check the network between the bot and Slack.',
};

export const status = {
  title: '*Status*',
  text: (waiting: number, failed: number, notKept: number) =>
    waiting + failed + notKept === 0
      ? 'Everything is saved.'
      : `${count(waiting, 'file')} on the way, ${numbers.format(failed)} being retried, ${numbers.format(notKept)} not saved.`,
  upToDate: ':white_check_mark: Everything shared in your channels that I am in is saved.',
  onTheWay: (n: number) => `*On its way* · ${count(n, 'file')}`,
  /** Plain. */
  quiet: 'Nothing is waiting, and nothing has failed.',
  bucketAway: (moment: string) =>
    `:warning: The bucket has been away since ${moment}. New files are noted, and saved when it is back.`,
  nothingWaits: ':white_check_mark: Nothing is waiting, and nothing has failed.',
  failures: (n: number) => `*Being retried* · ${count(n, 'file')} not saved yet`,
  line: (name: string, facts: string) => `:hourglass_flowing_sand: ${name} ${facts}`,
  admin: '*For admins*',
  queue: (pending: number, storing: number, failed: number) =>
    `Queue: ${numbers.format(pending)} waiting · ${numbers.format(storing)} being saved · ${numbers.format(failed)} to be tried again`,
  reason: (files: number, sentence: string) => `• ${count(files, 'file')}: ${sentence}`,
  retried: 'tried again just now',
  sweep: (moment: string) => `Last look for missed files: ${moment}`,
  noSweep: 'The first look for missed files is not over yet.',
  unreadable: (channels: string) => `:warning: Cannot be read: ${channels}`,
  verified: (moment: string, objects: number, size: string) =>
    `Catalog and bucket compared ${moment}: ${count(objects, 'object')} (${size})`,
  agree: 'all well',
  verifyOff: 'Catalog and bucket are not compared (`VAULT_VERIFY_HOURS=0`).',
  notVerified: 'Catalog and bucket have not been compared yet.',
  rebuilt: (moment: string, files: number, size: string, byItself: boolean) =>
    `The catalog was rebuilt from the bucket ${moment}${byItself ? ', because it was empty' : ''}: ${count(files, 'saved file')} (${size})`,
  rebuiltWhole: 'nothing is missing',
  rebuiltLost: (lost: number, damaged: number) =>
    [
      ...(lost > 0 ? [`${count(lost, 'file')} not in the bucket any more`] : []),
      ...(damaged > 0 ? [`${count(damaged, 'segment')} of the journal could not be read`] : []),
    ].join(', '),
  covered: (n: number) => `I am in ${count(n, 'channel')}.`,
  coverageUnknown: 'Slack does not say right now which channels I am not in.',
  left: (channels: string) =>
    `No longer in ${channels}: saved files stay. \`/invite @${BOT_HANDLE}\` brings me back.`,
  facts: (version: string, database: string, bucket: string, check: string) =>
    common.joined([`${BOT_NAME} ${version}`, `${database} catalog`, `bucket ${bucket} ${check}`]),
  schemas: (names: string) =>
    `:warning: Bots of different versions share this catalog (${names}). Replace the older ones soon. Then \`npm run recount\` counts anew.`,
  olderSchema: 'one that does not say',
  slowSearch:
    ':warning: Searches are slow: the database lacks `pg_trgm`. As its superuser, run `create extension pg_trgm;`, then start the bot again.',
  lack: (sentence: string) => `:warning: ${sentence}`,
  toRead: (n: number, older: number) =>
    `:mag: ${count(n, 'file')} still to be read for search${older > 0 ? `, ${numbers.format(older)} of them older` : ''}.`,
  unread: (n: number, why: string) =>
    `:mag: The text of ${count(n, 'file')} is not searched, or not all of it: ${why}.`,
  checkAll: 'Check everything',
  /** Plain. */
  checkAllLabel: 'Check everything: Slack, the bucket, the database and the machine',
  retryAll: 'Retry all',
  /** Plain. */
  retryAllLabel: 'Retry all: save everything again that failed',
  retrying: (n: number) =>
    n === 0
      ? 'There is nothing to try again.'
      : `:arrows_counterclockwise: Trying ${count(n, 'file')} again.`,
};

/** After Check everything: what `npm run doctor` says, too. */
export const examined = {
  /** Plain. */
  summary: (well: number, warnings: number, failed: number, skipped: number) =>
    `${numbers.format(well)} well, ${count(warnings, 'warning')}, ${numbers.format(failed)} failed, ${numbers.format(skipped)} not looked at`,
  title: (summary: string) => `*Everything checked* · ${summary}`,
  allWell: ':white_check_mark: Nothing is wrong.',
  failed: (name: string, sentence: string) => `:x: ${name} ${sentence}`,
  warned: (name: string, sentence: string) => `:warning: ${name} ${sentence}`,
  remedy: (sentence: string) => `→ ${sentence}`,
  well: (names: string) => `Well: ${names}`,
  skipped: (names: string) => `Not looked at: ${names}`,
  hint: '`npm run doctor` on the bot’s machine shows each line in full.',
};
