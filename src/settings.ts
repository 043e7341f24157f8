import type { Topic } from './setting.ts';
import { STORAGE_SETTINGS } from './settings-storage.ts';
import { STANDARD_TEXT } from './text-modes.ts';

/**
 * Every setting, once. `npm run docs:settings` makes `.env.example` and `docs/settings.md` of it. A test holds it to what
 * `loadConfig` reads, and each default to what the code does without the setting.
 */
export const SETTINGS: readonly Topic[] = [
  {
    topic: 'What it needs',
    settings: [
      {
        ...{ name: 'SLACK_BOT_TOKEN', secret: true, common: true, example: 'xoxb-1-2-abc' },
        about: 'the bot token, `xoxb-…`',
      },
      {
        ...{ name: 'SLACK_APP_TOKEN', secret: true, common: true, example: 'xapp-1-A2-3-abc' },
        about: 'the app-level token for Socket Mode, `xapp-…`',
      },
      {
        ...{ name: 'VAULT_BUCKET', common: true, example: 'my-slack-files' },
        about: 'the bucket, or an access point by its alias or ARN',
      },
    ],
  },
  {
    topic: 'Slack',
    settings: [
      {
        ...{ name: 'SLACK_SIGNING_SECRET', secret: true, common: true },
        about: 'in place of the app token: [HTTP instead of Socket Mode](#http-instead-of-socket-mode)',
      },
      { name: 'SLACK_API_URL', otherwise: 'Slack’s', about: 'another address of Slack’s Web API' },
    ],
  },
  ...STORAGE_SETTINGS,
  {
    topic: 'Malware',
    settings: [
      {
        ...{ name: 'VAULT_SCAN', example: 'clamd:///run/clamav/clamd.ctl' },
        about:
          'where clamd listens, `clamd://host:3310` or `clamd:///run/clamav/clamd.ctl`: files are given out only when it finds [no malware](scan.md)',
      },
      {
        ...{ name: 'VAULT_SCAN_UNSCANNED', standard: 'block' },
        about:
          'files that could not be checked (too large, locked with a password, the scanner away for long) are not given out; `allow` gives them out and says so',
      },
      {
        ...{ name: 'VAULT_SCAN_AGAIN_DAYS', standard: '7' },
        about: 'files stored in so many days are scanned again when the scanner has new signatures',
      },
    ],
  },
  {
    topic: 'Search',
    settings: [
      {
        ...{ name: 'VAULT_TEXT', standard: STANDARD_TEXT },
        about:
          'what files are [found by](search.md) besides their names: `words` what was said with them, `contents` what is in them, `all` both, `off` nothing. A channel may have its own: `/vault channel`',
      },
      {
        ...{ name: 'VAULT_READ_PERCENT', standard: '50' },
        about:
          'how much of one processor reading takes at most in the long run, in per cent; it waits while files are being saved',
      },
      {
        ...{ name: 'VAULT_READ_OLDER', standard: 'always' },
        about:
          '`nights`: files that were old when they came (imported, from old messages, from before reading was on) are read from 20:00 to 6:00 only',
      },
      {
        ...{ name: 'VAULT_OCR', example: 'eng,deu' },
        about:
          'languages in which pictures and scanned PDFs are read, as Tesseract names them; none by default ([what to install](search.md#pictures-and-scans))',
      },
      {
        ...{ name: 'VAULT_PREVIEWS', standard: 'on' },
        about: '`off`: no small picture of the first page of PDF and office files in Details',
      },
    ],
  },
  {
    topic: 'People',
    settings: [
      {
        ...{ name: 'VAULT_ADMINS', common: true, example: 'U012AB3CD' },
        about:
          'Slack member ids, separated by commas, of full members of the workspace: guests and people of other organisations do not count (an Enterprise Grid organisation’s admins are none by themselves, unless the [whole organisation](organisation.md) has this vault)',
      },
      {
        ...{ name: 'VAULT_AUDITORS', example: 'U012AB3CD' },
        about:
          'the same, for those who read the audit log, export any channel’s list and set holds, but delete nothing',
      },
      {
        ...{ name: 'VAULT_CONFIRM', standard: 'thread', common: true },
        about: '`thread`, `reaction`, `digest` (one message an hour and channel) or `off`',
      },
      {
        ...{ name: 'VAULT_REACTION', standard: 'file_cabinet' },
        about:
          'the emoji that marks a message in `reaction` mode, once all of its files are saved; where a workspace has no such emoji, `file_cabinet` is used',
      },
    ],
  },
  {
    topic: 'Channels',
    settings: [
      {
        ...{ name: 'VAULT_JOIN', standard: 'off' },
        about:
          'which public channels the bot joins by itself: `off` (none: people invite it), `new` (those made from now on) or `all`; `new` and `all` need the scope `channels:join` ([how](admin.md#every-channel))',
      },
      {
        ...{ name: 'VAULT_JOIN_EXCEPT', example: '#random,legal-*' },
        about: 'channels that it does not join by itself; `*` is any text',
      },
      {
        ...{ name: 'VAULT_HELLO', standard: 'on' },
        about: '`off`: the bot says nothing when it comes into a channel',
      },
      {
        ...{ name: 'VAULT_EXTERNAL', standard: 'keep' },
        about:
          'files of other organisations’ people in Slack Connect channels; `record` lists them and keeps no copy; a channel may have its own (`/vault channel`)',
      },
    ],
  },
  {
    topic: 'What is kept, and how long',
    settings: [
      {
        ...{ name: 'VAULT_TRASH_DAYS', standard: '30' },
        about: 'how long deleted files can be restored',
      },
      {
        ...{ name: 'VAULT_RETENTION_DAYS', standard: '0', common: true },
        about:
          'files older than this go to the trash by themselves; `0` keeps them for ever; a channel may have its own (`/vault channel`)',
      },
      {
        ...{ name: 'VAULT_MAX_FILE_BYTES', standard: '5368709120' },
        about: 'larger files are recorded, not stored',
      },
      {
        ...{ name: 'VAULT_EXCLUDE_TYPES', example: 'mov,zip' },
        about: 'types that are recorded, not stored, such as `mov,zip`',
      },
      {
        ...{ name: 'VAULT_VERSIONS', standard: 'all' },
        about:
          'of canvases, lists, snippets and posts that people go on editing: `all` keeps every version, `latest` only the newest (older ones are removed from the bucket as a new one comes, unless they are on hold), `first` only what was there first',
      },
      {
        ...{ name: 'VAULT_VERSION_QUIET_SECONDS', standard: '600' },
        about:
          'how long such a file must be quiet before its next version is captured, from 1 to 3600; one that goes on changing is captured once an hour',
      },
      {
        ...{ name: 'VAULT_ON_SLACK_DELETE', standard: 'keep' },
        about: '`trash`: what Slack deletes goes to the vault’s trash',
      },
      {
        ...{ name: 'VAULT_ON_UNSHARE', standard: 'hide' },
        about:
          'what was taken back in Slack (the message deleted, the file edited out of it or unshared) no longer opens the file to that channel’s people; `keep` leaves it open to them, as for an archive of what a retention policy of Slack’s removes',
      },
    ],
  },
  {
    topic: 'The process',
    settings: [
      {
        ...{ name: 'VAULT_SWEEP_MINUTES', standard: '60' },
        about:
          'how often Slack is asked for what events did not tell; `0` leaves only the sweeps at start and after trouble',
      },
      { name: 'VAULT_CAPTURE_CONCURRENCY', standard: '8', about: 'files copied at once' },
      {
        ...{ name: 'PORT', standard: '3000' },
        about: 'health, metrics and (HTTP mode) Slack’s requests',
      },
      {
        ...{ name: 'HOST', standard: '0.0.0.0' },
        about: 'the address to listen on; `::` for IPv6 too',
      },
      {
        ...{ name: 'VAULT_METRICS_PORT', otherwise: 'as `PORT`', example: '9090' },
        about: 'where `/metrics` and `/readyz` are instead, out of strangers’ reach; `/healthz` is at both',
      },
      {
        ...{ name: 'VAULT_METRICS_HOST', otherwise: 'as `HOST`', example: '127.0.0.1' },
        about: 'the address to listen on for these',
      },
      {
        ...{ name: 'VAULT_LOG_LEVEL', standard: 'info', common: true },
        about: '`debug`, `info`, `warn`, `error`',
      },
      {
        ...{ name: 'VAULT_AUDIT_LOG', standard: 'off' },
        about:
          '`stdout`: each entry of the audit log is also a line of the output, [for a SIEM](audit-log.md)',
      },
      {
        ...{ name: 'VAULT_ENV_FILE', otherwise: '`.env`, if it is there', readBy: 'the start' },
        about:
          'the file of settings that the bot and every command line read; empty for none. It cannot name itself',
      },
    ],
  },
  {
    topic: 'The network',
    settings: [
      {
        ...{ name: 'HTTPS_PROXY', secret: true, example: 'http://proxy.example.com:3128' },
        about:
          'the proxy for `https:` addresses; also in lower case. Every connection but the database’s takes it ([networks](networks.md))',
      },
      {
        ...{ name: 'HTTP_PROXY', secret: true, example: 'http://proxy.example.com:3128' },
        about: 'the proxy for `http:` addresses; also in lower case',
      },
      {
        ...{ name: 'NO_PROXY', example: 'minio.internal,10.0.0.0/8' },
        about: 'what is reached without a proxy; also in lower case',
      },
      {
        ...{ name: 'NODE_EXTRA_CA_CERTS', readBy: 'Node' },
        about: 'a file with more CA certificates to trust (PEM)',
      },
      {
        ...{ name: 'NODE_USE_SYSTEM_CA', standard: '0', readBy: 'Node' },
        about: '`1` trusts the CA certificates of the system',
      },
    ],
  },
];

/** The settings that hold a secret. Each can be read from a file: `SLACK_BOT_TOKEN_FILE` names the file. */
export const SECRETS: readonly string[] = SETTINGS.flatMap(({ settings }) => settings)
  .filter(({ secret }) => secret)
  .map(({ name }) => name);
