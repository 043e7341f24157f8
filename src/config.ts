import { type BucketSettings, bucketSettings } from './bucket-settings.ts';
import { CONFIRM_MODES, type ConfirmMode } from './catalog/model.ts';
import { type ChannelPolicy, channelPolicy } from './config-channels.ts';
import { type ReadingPolicy, readingPolicy } from './config-reading.ts';
import { type Env, emoji, flag, given, matching, oneOf, price, userIds, wholeNumber, words } from './env.ts';
import { ConfigError } from './errors.ts';
import { parsePostgresUrl } from './postgres-url.ts';
import { type Proxies, readProxies } from './proxies.ts';
import { parseScanAddress, type ScanAddress } from './scan-address.ts';
import { STANDARD_TEXT, TEXT_MODES, type TextMode } from './text-modes.ts';

export interface Config {
  slack: {
    botToken: string;
    /** Socket Mode with an app token, HTTP without one. */
    receiver: { mode: 'socket'; appToken: string } | { mode: 'http'; signingSecret: string };
    apiUrl: string;
  };
  http: {
    port: number;
    host: string;
    /** The port of `/metrics` and `/readyz`, if it is another one. */
    metrics?: { port: number; host: string };
  };
  bucket: BucketSettings;
  data: { databaseUrl?: string; dataDir: string };
  /** An empty catalog on a bucket that holds a vault is what the operator wants. */
  newCatalog: boolean;
  policy: Policy;
  /** How files are read, where their text is searched. */
  reading: ReadingPolicy;
  captureConcurrency: number;
  /** How often every channel is swept, in minutes; with 0, only when there is a reason. */
  sweepMinutes: number;
  /** How long changes of the catalog are collected before they are written to the bucket, in seconds. */
  journalSeconds: number;
  logLevel: string;
  /** Whether each entry of the audit log is also a line of the output. */
  auditLog: 'off' | 'stdout';
  /** Which connections go through which proxy. */
  proxies: Proxies;
}

export interface Policy extends ChannelPolicy {
  admins: ReadonlySet<string>;
  /** Who may read the audit log, export any channel, and set and lift holds, but delete nothing. */
  auditors: ReadonlySet<string>;
  trashDays: number;
  linkMinutes: number;
  confirm: ConfirmMode;
  /** The emoji that says "all of it is in the vault" where `confirm` is `reaction`; without colons. */
  reaction: string;
  maxFileBytes: number;
  excludeTypes: ReadonlySet<string>;
  onSlackDelete: 'keep' | 'trash';
  /** Whether people of a channel lose a file when its share there was taken back in Slack. */
  onUnshare: 'hide' | 'keep';
  /** What becomes of files before they are given out; missing where nothing is scanned. */
  scan?: ScanPolicy;
  /** Whether files are found by what is in them; missing where they are not. */
  text?: TextMode;
  /** After this many days a file goes to the trash, unless its channel says otherwise; 0 for never. */
  retentionDays: number;
  /** Which versions of an edited file are kept: all, the newest, or the first. */
  versions: 'all' | 'latest' | 'first';
  /** How long a changed canvas, list, snippet or post must be quiet before it is captured again, in ms. */
  versionQuietMs: number;
  /** How often catalog and bucket are compared, in hours; 0 for never. */
  verifyHours: number;
  /** How often a restore drill is done, in days; 0 for never. */
  drillDays: number;
  /** What a GB costs in a month, in dollars; 0 shows no cost. */
  pricePerGb: number;
}

export interface ScanPolicy {
  address: ScanAddress;
  /** Whether a file that the scanner could not look at is given out. */
  unscanned: 'block' | 'allow';
  /** What was stored in this time is scanned again with each new set of signatures, in days. */
  againDays: number;
}

/** The first 50 TB of S3 Standard in us-east-1, in dollars a month. Source: aws.amazon.com/s3/pricing. */
export const S3_STANDARD_PER_GB = 0.023;

/** S3's own limit for one object written through multipart uploads is larger; Slack's files end at 1 GB. */
const DEFAULT_MAX_FILE_BYTES = 5 * 1024 ** 3;

/** True when the environment names a Slack app; without one, `npm start` opens the sandbox. */
export function hasSlackCredentials(env: Env): boolean {
  return ['SLACK_BOT_TOKEN', 'SLACK_APP_TOKEN', 'SLACK_SIGNING_SECRET'].some((name) => given(env, name));
}

/**
 * Reads the whole environment once. Anything wrong is a `ConfigError`: one sentence that names the variable
 * and what to do. Nothing is guessed.
 */
export function loadConfig(env: Env): Config {
  return {
    slack: slackConfig(env),
    http: httpConfig(env),
    ...loadStores(env),
    newCatalog: flag(env, 'VAULT_NEW_CATALOG'),
    policy: {
      admins: new Set(userIds(env, 'VAULT_ADMINS')),
      auditors: new Set(userIds(env, 'VAULT_AUDITORS')),
      ...channelPolicy(env),
      trashDays: wholeNumber(env, 'VAULT_TRASH_DAYS', 30, 0, 36_500),
      // S3 refuses presigned URLs of more than seven days (10,080 minutes).
      linkMinutes: wholeNumber(env, 'VAULT_LINK_MINUTES', 5, 1, 10_080),
      confirm: oneOf(env, 'VAULT_CONFIRM', CONFIRM_MODES, 'thread'),
      // Means that all files of a message are in the vault. People use :white_check_mark: for their own work.
      reaction: emoji(env, 'VAULT_REACTION', 'file_cabinet'),
      maxFileBytes: wholeNumber(
        env,
        'VAULT_MAX_FILE_BYTES',
        DEFAULT_MAX_FILE_BYTES,
        1,
        Number.MAX_SAFE_INTEGER,
      ),
      excludeTypes: new Set(
        words(env, 'VAULT_EXCLUDE_TYPES').map((type) => type.toLowerCase().replace(/^\./, '')),
      ),
      onSlackDelete: oneOf(env, 'VAULT_ON_SLACK_DELETE', ['keep', 'trash'] as const, 'keep'),
      onUnshare: onUnshare(env),
      ...scanPolicy(env),
      text: textPolicy(env),
      retentionDays: retentionDays(env),
      versions: oneOf(env, 'VAULT_VERSIONS', ['all', 'latest', 'first'] as const, 'all'),
      // A file that keeps changing waits an hour at most.
      versionQuietMs: 1000 * wholeNumber(env, 'VAULT_VERSION_QUIET_SECONDS', 600, 1, 3_600),
      verifyHours: wholeNumber(env, 'VAULT_VERIFY_HOURS', 24, 0, 8_784),
      drillDays: drillSettings(env).days,
      pricePerGb: price(env, 'VAULT_PRICE_PER_GB', S3_STANDARD_PER_GB),
    },
    // With 0, sweeps run only at a start, on joining, and after a time in which events may have been lost.
    sweepMinutes: wholeNumber(env, 'VAULT_SWEEP_MINUTES', 60, 0, 10_080),
    reading: readingPolicy(env),
    captureConcurrency: wholeNumber(env, 'VAULT_CAPTURE_CONCURRENCY', 8, 1, 256),
    journalSeconds: wholeNumber(env, 'VAULT_JOURNAL_SECONDS', 60, 1, 86_400),
    logLevel: oneOf(env, 'VAULT_LOG_LEVEL', ['debug', 'info', 'warn', 'error'] as const, 'info'),
    auditLog: oneOf(env, 'VAULT_AUDIT_LOG', ['off', 'stdout'] as const, 'off'),
    proxies: readProxies(env),
  };
}

const BUCKET = {
  bucket: 'VAULT_BUCKET',
  prefix: 'VAULT_PREFIX',
  pathStyle: 'VAULT_S3_PATH_STYLE',
  kmsKeyId: 'VAULT_S3_SSE_KMS_KEY_ID',
  storageClass: 'VAULT_S3_STORAGE_CLASS',
  tags: 'VAULT_S3_TAGS',
  expectedOwner: 'VAULT_S3_EXPECTED_OWNER',
  trailers: 'VAULT_S3_TRAILERS',
  linkEndpoint: 'VAULT_LINK_ENDPOINT',
} as const;

/** Where catalog and files are. Commands that work without Slack need no more. Throws `ConfigError`. */
export function loadStores(env: Env): Pick<Config, 'bucket' | 'data'> {
  return {
    bucket: bucketSettings(env, BUCKET),
    data: loadCatalog(env),
  };
}

/** Where the catalog is. Throws `ConfigError`. */
export function loadCatalog(env: Env): Config['data'] {
  const databaseUrl = given(env, 'DATABASE_URL');
  return {
    ...(databaseUrl === undefined ? {} : { databaseUrl: postgresUrl(databaseUrl) }),
    dataDir: given(env, 'VAULT_DATA_DIR') ?? './data',
  };
}

/** How often a restore drill is done (0: never by itself), and how much it reads whole. Throws `ConfigError`. */
export function drillSettings(env: Env): { days: number; readBytes: number | null } {
  const asked = matching(
    env,
    'VAULT_DRILL_READ_GB',
    /^\d{1,6}(\.\d{1,3})?$/,
    'a number of GB such as 10 or 0.5',
  );
  return {
    days: wholeNumber(env, 'VAULT_DRILL_DAYS', 7, 0, 365),
    // Without it, so much that all is read within a year.
    readBytes: asked === undefined ? null : 1e9 * Number(asked),
  };
}

/** After how many days files go to the trash, unless their channel says otherwise. Throws `ConfigError`. */
export function retentionDays(env: Env): number {
  return wholeNumber(env, 'VAULT_RETENTION_DAYS', 0, 0, 36_500);
}

function httpConfig(env: Env): Config['http'] {
  const open = { port: wholeNumber(env, 'PORT', 3000, 0, 65_535), host: hostName(env, 'HOST') ?? '0.0.0.0' };
  const [port, host] = [given(env, 'VAULT_METRICS_PORT'), hostName(env, 'VAULT_METRICS_HOST')];
  if (port === undefined && host === undefined) return open;
  const metrics = {
    port: wholeNumber(env, 'VAULT_METRICS_PORT', open.port, 0, 65_535),
    host: host ?? open.host,
  };
  return { ...open, metrics };
}

/** Where to listen. An IPv6 address may stand in brackets, as in a URL. */
function hostName(env: Env, name: string): string | undefined {
  return given(env, name)?.replace(/^\[(.+)\]$/, '$1');
}

/** Whether people lose a file when its share was taken back in Slack. Throws `ConfigError`. */
export function onUnshare(env: Env): Policy['onUnshare'] {
  return oneOf(env, 'VAULT_ON_UNSHARE', ['hide', 'keep'] as const, 'hide');
}

/** Whether files are found by what is in them. Throws `ConfigError`. */
export function textPolicy(env: Env): NonNullable<Policy['text']> {
  return oneOf(env, 'VAULT_TEXT', TEXT_MODES, STANDARD_TEXT);
}

/** Where the malware scanner is, if there is one, and what it decides. */
function scanPolicy(env: Env): Pick<Policy, 'scan'> {
  const text = given(env, 'VAULT_SCAN');
  const unscanned = oneOf(env, 'VAULT_SCAN_UNSCANNED', ['block', 'allow'] as const, 'block');
  const againDays = wholeNumber(env, 'VAULT_SCAN_AGAIN_DAYS', 7, 0, 36_500);
  if (text === undefined) return {};
  const address = parseScanAddress(text);
  if (address === undefined) {
    throw new ConfigError(
      'VAULT_SCAN',
      'VAULT_SCAN must say where clamd listens: clamd://host:3310, or clamd:///run/clamav/clamd.ctl for a socket.',
    );
  }
  return { scan: { address, unscanned, againDays } };
}

function slackConfig(env: Env): Config['slack'] {
  const botToken = given(env, 'SLACK_BOT_TOKEN');
  if (botToken === undefined) {
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      'SLACK_BOT_TOKEN is not set: copy the Bot User OAuth Token (xoxb-…) from your Slack app\'s "OAuth & Permissions" page.',
    );
  }
  if (/^xoxe[.-]/.test(botToken)) {
    // Slack: "Token rotation may not be turned off once it's turned on." (docs.slack.dev/authentication/using-token-rotation)
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      'SLACK_BOT_TOKEN is a rotating token (xoxe…), which ends after 12 hours: token rotation cannot be switched off again in Slack, so make a new app from manifest.yml, leave token rotation off, and use its Bot User OAuth Token (xoxb-…).',
    );
  }
  if (!botToken.startsWith('xoxb-')) {
    throw new ConfigError(
      'SLACK_BOT_TOKEN',
      'SLACK_BOT_TOKEN is not a bot token: it must begin with xoxb- (the Bot User OAuth Token, not a user or app token).',
    );
  }
  const apiUrl = given(env, 'SLACK_API_URL') ?? 'https://slack.com/api/';
  return { botToken, receiver: receiver(env), apiUrl: apiBase(apiUrl) };
}

function receiver(env: Env): Config['slack']['receiver'] {
  const appToken = given(env, 'SLACK_APP_TOKEN');
  if (appToken !== undefined) {
    if (!appToken.startsWith('xapp-')) {
      throw new ConfigError(
        'SLACK_APP_TOKEN',
        'SLACK_APP_TOKEN is not an app-level token: it must begin with xapp- (create one with the scope connections:write).',
      );
    }
    return { mode: 'socket', appToken };
  }
  const signingSecret = given(env, 'SLACK_SIGNING_SECRET');
  if (signingSecret !== undefined) return { mode: 'http', signingSecret };
  throw new ConfigError(
    'SLACK_APP_TOKEN',
    'Neither SLACK_APP_TOKEN nor SLACK_SIGNING_SECRET is set: set SLACK_APP_TOKEN (xapp-…) for Socket Mode, or SLACK_SIGNING_SECRET to receive events over HTTP.',
  );
}

function apiBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const loopback = url !== undefined && isLoopback(url.hostname);
  if (url === undefined || !(url.protocol === 'https:' || (url.protocol === 'http:' && loopback))) {
    throw new ConfigError(
      'SLACK_API_URL',
      'SLACK_API_URL must be an https:// address (http:// only on this machine), for example https://slack.com/api/.',
    );
  }
  return url.href.endsWith('/') ? url.href : `${url.href}/`;
}

/** True for this machine's own addresses, the only ones trusted without TLS. */
export function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}

function postgresUrl(text: string): string {
  if (parsePostgresUrl(text) === undefined) {
    throw new ConfigError(
      'DATABASE_URL',
      'DATABASE_URL must look like postgres://user:password@host:5432/database; leave it out to use SQLite.',
    );
  }
  return text;
}
