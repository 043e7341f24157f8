import { isTokenRefused } from '../slack/identity.ts';

/**
 * Why a part of the bot is down and what to do, in one sentence for `/readyz`. It names no host and no name of anything,
 * because strangers may read it. `code` is the word after `down: `.
 */
export function sayDown(part: string, code: string): string {
  if (code === 'timeout') return `${NAMES[part] ?? part} has not answered in time. The bot goes on asking.`;
  if (code === 'starting') return 'The bot has not opened its catalog yet: it is starting.';
  const sentence = part === 'database' ? ofDatabase(code) : part === 'slack' ? ofSlack(code) : BUCKET[code];
  return sentence ?? `${NAMES[part] ?? part} cannot be used (${code}). The bot’s log says more.`;
}

const NAMES: Record<string, string> = { database: 'The database', bucket: 'The bucket', slack: 'Slack' };

/** What all of these have in common. */
const MEANWHILE =
  'Until then, what Slack delivers is refused, and looked for afterwards. This is shown until a delivery is written again, six minutes more at most.';
const BY_ITSELF = 'The bot goes on by itself when it answers.';

const DATABASE: Record<string, string> = {
  disk_full: `The disk of the database is full. Make room on it. ${MEANWHILE}`,
  disk_failed: `The disk of the database fails. Look at the disk. ${MEANWHILE}`,
  catalog_read_only: `The database can be read but not written: a standby server, a file or folder that the bot may not write, or a disk that was mounted read-only. ${MEANWHILE}`,
  catalog_gone:
    'The files of the catalog were removed, moved or replaced. Stop the bot, put them back, and start it again.',
  catalog_locked: `Another program holds the lock of the catalog. End that program. ${MEANWHILE}`,
  catalog_blocked: `Somebody else holds a lock in the database that the bot needs; the bot’s log says who. ${MEANWHILE}`,
  catalog_slow: `The database is too slow: it ended what the bot asked it. Look at its load. ${MEANWHILE}`,
  catalog_damaged:
    'The catalog is damaged. Stop the bot, and bring the catalog back with npm run restore or npm run rebuild.',
  catalog_denied:
    'The database refuses the bot’s user or password. Correct DATABASE_URL and start the bot again.',
  catalog_newer:
    'A newer version changed the tables of the catalog. Start that version in the place of this one.',
};

/** PostgreSQL's classes and Node's words for: nobody answers. */
const AWAY = /^(08...|57P0.|catalog_unreachable|unreachable|E[A-Z_]+)$/;
/** PostgreSQL's words for a user, a password or a right. */
const DENIED = /^(28...|42501)$/;

function ofDatabase(code: string): string | undefined {
  if (AWAY.test(code)) return `The database does not answer. ${BY_ITSELF} ${MEANWHILE}`;
  return DATABASE[DENIED.test(code) ? 'catalog_denied' : code];
}

function ofSlack(code: string): string | undefined {
  if (code === 'not connected')
    return 'No connection to Slack is open. The bot tries again by itself; if this lasts, look at the network and at SLACK_APP_TOKEN.';
  if (isTokenRefused(code))
    return `Slack refuses the bot’s token (${code}). Install the app again, set SLACK_BOT_TOKEN to its new token, and start the bot again.`;
  return `Slack does not answer (${code}). ${BY_ITSELF}`;
}

/** What is shared meanwhile waits in the catalog. */
const KEPT = 'Until then, what is shared is written down, and saved afterwards.';

const BUCKET: Record<string, string> = {
  bucket_unreachable: `The bucket does not answer. ${BY_ITSELF} ${KEPT}`,
  bucket_stalled: `The bucket does not answer. ${BY_ITSELF} ${KEPT}`,
  bucket_busy: `The bucket is too busy. ${BY_ITSELF} ${KEPT}`,
  bucket_failed: `The bucket answers with an error of its own. ${BY_ITSELF} ${KEPT}`,
  bucket_missing: `There is no such bucket. Look whether it was removed, and at VAULT_BUCKET. ${KEPT}`,
  bucket_forbidden: `The bucket refuses the bot. Look at the policy of its key. ${KEPT}`,
  bucket_credentials: `The bucket’s store does not know the bot’s credentials. Look whether the key was removed or has ended. ${KEPT}`,
  bucket_clock:
    'The clock of the bot’s machine is wrong, so the bucket’s store refuses everything. Set it right.',
  bucket_full: `The bucket takes no more. Raise its limit. ${KEPT}`,
  bucket_untrusted: `The certificate of the bucket’s store is not trusted; the bot’s log says why. ${KEPT}`,
  bucket_proxy: `The proxy does not let the bot through to the bucket; the bot’s log says why. ${KEPT}`,
};
