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
  failing: (files: number, reason: string) => `${count(files, 'file')} cannot be stored. ${reason}`,
  scope: (scope: string) =>
    `The scope ${scope} is missing. Update the Slack app from \`manifest.yml\` and reinstall it to the workspace.`,
  removed: (channel: string) =>
    `I was removed from ${channel}. What was kept stays; what is shared there now is not kept. To change that, type \`/invite @${BOT_HANDLE}\` there.`,
  renewed: (lost: string, met: string) =>
    `Slack does not list the channel ${lost} any more, and ${met} looks like the same one with a new id. If it is, press *It is the same channel*: its members then find the older files again. If it is not, leave it.`,
  settled: (lost: string) => `What became of the channel ${lost} is settled.`,
  moved: (met: string) => `The older files belong to ${met} now.`,
  same: 'It is the same channel',
  sameLabel: (lost: string) => `${lost} is the same channel: move its files there`,
  verify: (findings: string) =>
    `The catalog and the bucket do not agree: ${findings}. \`npm run verify\` shows them, \`npm run verify -- --repair\` mends what can be mended.`,
  stored: (reason: string) => `Files are stored again. (It was: ${reason})`,
  scopeBack: (scope: string) => `The scope ${scope} is there again.`,
  back: (channel: string) => `I am back in ${channel}.`,
  agree: 'The catalog and the bucket agree again.',
  told: ' An admin has been told.',
  willBeTold: ' If it stays so, an admin is told.',
  weakProof: {
    md5: 'The bucket computes no CRC-32; its MD5 vouches for objects instead.',
    size: 'The bucket computes no checksum at all; only sizes vouch for objects. `npm run verify -- --deep` reads them back.',
  },
  title: (n: number) => `*The vault needs a hand* · ${count(n, 'thing')}`,
  titleMended: '*The vault is well again*',
  text: (first: string) => `The vault needs a hand: ${first}`,
  mendedText: 'The vault is well again.',
  line: (sentence: string) => `:warning: ${sentence}`,
  mended: (sentence: string, moment: string) => `:white_check_mark: ${sentence} · ${moment}`,
  hint: `Nothing is lost: the vault goes on trying. \`${COMMAND} status\` shows how it stands.`,
  mendedHint: 'Nothing was lost.',
  nothing: ':white_check_mark: The vault is well.',
};

/** How sentences about the bucket's errors end for people who are not admins. */
export const NEEDS_ADMIN = ' An admin needs to look at it.';

/** Sentences about a scope that the app lacks. */
export const scopeWords = {
  everybody: 'Slack wants a permission that the vault does not have.',
  someScope:
    'A scope is missing. Update the Slack app from `manifest.yml` and reinstall it to the workspace.',
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
  bucket_unable: 'The bucket’s store does not know a request of the vault’s: see docs/storage.md.',
  object_archived: 'Restore the object in the bucket.',
  object_retained: 'The bucket lets it go when its retention or legal hold there ends.',
  bucket_full: 'Make room in the bucket, or raise its quota.',
  bucket_unreachable: 'Check the bucket’s store and the network to it.',
  bucket_untrusted:
    'Look into the bot’s log: it says what is wrong with the certificate of the bucket’s store.',
  bucket_stalled: 'Check the bucket’s store and the network to it.',
  bucket_busy: 'It should pass; if it stays, check the bucket’s store.',
  bucket_failed: 'It should pass; if it stays, check the bucket’s store.',
  login_page: 'Reinstall the Slack app, so that its token may read files.',
  unauthorized: 'Reinstall the Slack app, so that its token may read files.',
  forbidden: 'Reinstall the Slack app, so that its token may read files.',
  way_blocked: 'Look into the bot’s log: it says which proxy or certificate is in the way.',
  unreachable: 'Check the network between the bot and Slack.',
};

export const status = {
  title: `*How the vault is doing*`,
  text: (waiting: number, failed: number, notKept: number) =>
    waiting + failed + notKept === 0
      ? 'The vault is up to date.'
      : `${count(waiting, 'file')} on the way, ${numbers.format(failed)} not stored yet, ${numbers.format(notKept)} not kept.`,
  upToDate: ':white_check_mark: Everything shared in those of your channels that I am in is in the vault.',
  onTheWay: (n: number) => `*On its way* · ${count(n, 'file')}`,
  /** Plain. */
  quiet: 'Nothing is waiting, and nothing has failed.',
  bucketAway: (moment: string) =>
    `:warning: The vault’s bucket has been away since ${moment}. What is shared is written down, and will be saved when it is back.`,
  nothingWaits: ':white_check_mark: Nothing is waiting, and nothing has failed.',
  failures: (n: number) => `*Being retried* · ${count(n, 'file')} not stored yet`,
  line: (name: string, facts: string) => `:hourglass_flowing_sand: ${name} ${facts}`,
  admin: '*For admins*',
  queue: (pending: number, storing: number, failed: number) =>
    `Queue: ${numbers.format(pending)} waiting · ${numbers.format(storing)} being stored · ${numbers.format(failed)} to be tried again`,
  reason: (files: number, sentence: string) => `• ${count(files, 'file')}: ${sentence}`,
  retried: 'tried again just now',
  sweep: (moment: string) => `Last look for files that were missed: ${moment}`,
  noSweep: 'No look for files that were missed has ended yet.',
  unreadable: (channels: string) => `:warning: Cannot be read: ${channels}`,
  verified: (moment: string, objects: number, size: string) =>
    `Catalog and bucket compared ${moment}: ${count(objects, 'object')} (${size})`,
  agree: 'all well',
  verifyOff: 'Catalog and bucket are not compared by themselves (`VAULT_VERIFY_HOURS=0`).',
  notVerified: 'Catalog and bucket have not been compared yet.',
  rebuilt: (moment: string, files: number, size: string, byItself: boolean) =>
    `The catalog was rebuilt from the bucket ${moment}${byItself ? ', because it was empty' : ''}: ${count(files, 'stored file')} (${size})`,
  rebuiltWhole: 'nothing is missing',
  rebuiltLost: (lost: number, damaged: number) =>
    [
      ...(lost > 0 ? [`${count(lost, 'file')} not in the bucket any more`] : []),
      ...(damaged > 0 ? [`${count(damaged, 'segment')} of the journal could not be read`] : []),
    ].join(', '),
  covered: (n: number) => `I am in ${count(n, 'channel')}.`,
  uncovered: (n: number, atLeast: boolean, channels: string) =>
    `Not in ${atLeast ? 'at least ' : ''}${count(n, 'public channel')}: ${channels}. To keep what is shared there, type \`/invite @${BOT_HANDLE}\` in it.`,
  coverageUnknown: 'Slack does not say right now which channels I am not in.',
  left: (channels: string) =>
    `No longer in ${channels}: what was kept stays. \`/invite @${BOT_HANDLE}\` brings me back.`,
  facts: (version: string, database: string, bucket: string, check: string) =>
    common.joined([`${BOT_NAME} ${version}`, `${database} catalog`, `bucket ${bucket} ${check}`]),
  schemas: (names: string) =>
    `:warning: Bots of different versions share this catalog (${names}). Replace the older ones soon; afterwards, \`npm run recount\` makes the sums anew.`,
  olderSchema: 'one that does not say',
  slowSearch:
    ':warning: Searches are slow: the database lacks the extension `pg_trgm`. As its superuser, run `create extension pg_trgm;` there, then start me again.',
  checkAll: 'Check everything',
  /** Plain. */
  checkAllLabel: 'Look at Slack, the bucket, the database and the machine',
  retryAll: 'Retry all',
  /** Plain. */
  retryAllLabel: 'Try everything again that could not be stored',
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
