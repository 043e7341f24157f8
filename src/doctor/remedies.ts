/** What to do about each problem that the doctor can name: by check, then by problem. All sentences of this kind stand here. */
/** The sentence about the problem says already what to do. */
export const AS_SAID = '';
const POLICY = 'Grant it in the policy of the bot’s key; docs/storage.md has the whole policy.';

/** For what can become of every check. */
export const GENERAL = {
  late: 'Something on the way drops what is sent (a firewall), or the other side hangs. Look at both.',
  broken: 'This is a defect of the doctor: please report it with this line.',
} as const;

export const REMEDIES = {
  node: { old: 'Run npm ci, which brings the right Node along, or install Node 22.21 or later.' },
  env: {
    unreadable: 'Let the user that runs the bot read .env: chown it to that user, and chmod 600 .env.',
    open: 'chmod 600 .env: it holds tokens and keys.',
    overridden: 'Take the variables out of one of the two places; what the environment says wins.',
  },
  settings: { wrong: AS_SAID },
  folder: {
    missing:
      'Create the folder, or set VAULT_DATA_DIR to the right one. The bot makes it at its first start if it may.',
    unwritable:
      'Give the folder and vault.db in it to the user that runs the bot (chown), and let that user write.',
    open: 'chmod 700 the folder: it holds the names of all files and who shared them.',
  },
  disk: {
    full: 'Make room on the disk of VAULT_DATA_DIR now. What Slack sends is refused until there is some.',
    double:
      'Make room for a second catalog on the disk of VAULT_DATA_DIR: backups and restore drills need it (SQLITE_TMPDIR names another place for drills).',
    low: 'Make room on the disk of VAULT_DATA_DIR, or move the folder to a larger one while the bot is stopped.',
  },
  filesystem: {
    network:
      'Put VAULT_DATA_DIR on a disk of this machine: SQLite’s locks are not safe on network file systems. Or set DATABASE_URL.',
    passing:
      'Mount a volume at VAULT_DATA_DIR: what is there now is gone when the container or the machine ends.',
  },
  reading: {
    lack: AS_SAID,
    start: 'Let the user that runs the bot start processes (pids_limit, ulimit -u), and give it memory.',
    network:
      'Use Node 25 or later, as the packages and the image have it: then a hostile file reaches nobody, even where a parser is led astray.',
  },
  proxy: {
    blocked:
      'Correct HTTPS_PROXY, HTTP_PROXY or NO_PROXY, or have the proxy let these hosts through; docs/networks.md lists them.',
  },
  'slack.reach': {
    away: 'Check this machine’s network and DNS, and SLACK_API_URL if it is set; docs/networks.md lists Slack’s hosts.',
    untrusted:
      'Name the certificate authority in NODE_EXTRA_CA_CERTS, or set NODE_USE_SYSTEM_CA=1; docs/networks.md says how.',
    other:
      'Something on the way answers in the place of Slack (a proxy, a login page): let https://slack.com through.',
  },
  'slack.hooks': {
    away: 'Let https://hooks.slack.com through, by the firewall or the proxy: without it, commands and clicks get no answer.',
  },
  'slack.clock': {
    off: 'Set this machine’s clock right, and keep it so with NTP (timedatectl set-ntp true).',
  },
  'slack.token': {
    refused:
      'Copy the Bot User OAuth Token (xoxb-…) again from the app’s page “OAuth & Permissions”, or reinstall the app there first.',
    person: 'Use the Bot User OAuth Token (xoxb-…), not a person’s.',
    busy: 'Wait a minute and run the doctor again.',
    nowhere:
      'An admin of the organisation adds it: “Integrations”, “Installed apps”, “Add to more workspaces” (docs/organisation.md).',
  },
  'slack.workspace': {
    other:
      'Use the token of the workspace that the catalog belongs to, or give this bot a DATABASE_URL or VAULT_DATA_DIR of its own.',
  },
  'slack.scopes': {
    missing:
      'Update the app from manifest.yml (“App Manifest”), reinstall it to the workspace, and use the token shown then.',
    join: 'Update the app from manifest.join.json (“App Manifest”), reinstall it to the workspace, and use the token shown then; or set VAULT_JOIN=off.',
    superfluous:
      'Take them out of the app’s page “OAuth & Permissions”, or put manifest.yml in again: a token should allow no more than is used.',
    unknown:
      'Ask those who run what stands between the bot and Slack: the header x-oauth-scopes does not come through.',
  },
  'slack.line': {
    refused:
      'Create an app-level token with the scope connections:write under “Basic Information”, and set SLACK_APP_TOKEN to it.',
    off: 'Switch Socket Mode on in the app’s settings, or set SLACK_SIGNING_SECRET instead of SLACK_APP_TOKEN.',
    form: 'Copy the Signing Secret (32 characters from 0-9 and a-f) from “Basic Information”.',
    both: 'Take out SLACK_SIGNING_SECRET, or SLACK_APP_TOKEN if events are to come over HTTP.',
    away: 'Check this machine’s network; wss-primary.slack.com and wss-backup.slack.com must be reachable, too.',
  },
  'slack.events': {
    silent:
      'Share a file in a channel that the bot is in. If nothing comes: invite the bot, and check “Event Subscriptions” against manifest.yml.',
  },
  bot: { unready: 'See the other lines and the bot’s log; /readyz says which part it is.' },
  'bucket.reach': { wrong: AS_SAID },
  'bucket.clock': {
    off: 'Set this machine’s clock right, and keep it so with NTP: from 15 minutes on, S3 refuses everything.',
  },
  'bucket.put': { refused: `Without s3:PutObject nothing is kept. ${POLICY}`, failed: AS_SAID },
  'bucket.head': {
    refused: `Without s3:GetObject nothing can be checked or downloaded. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.get': {
    refused: `Without s3:GetObject nothing can be downloaded or rebuilt. ${POLICY}`,
    failed: AS_SAID,
    damaged:
      'The store gave other bytes than it took. Look at what stands before it (a cache, a proxy), and at the store itself.',
  },
  'bucket.list': {
    refused: `Without s3:ListBucket for the prefix, catalog and bucket cannot be compared, nor the catalog rebuilt. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.conditional': {
    ignored:
      'Nothing has to be done. This store ignores If-None-Match, so the bot looks before it writes; give no other program this prefix.',
    failed: AS_SAID,
  },
  'bucket.link': {
    refused:
      'Let download links through: no policy may refuse requests that are signed in their address (s3:authType), and a reverse proxy must pass on host and path.',
    away: 'See that people’s browsers reach this address; set VAULT_LINK_ENDPOINT if theirs is another one.',
    short: AS_SAID,
  },
  'bucket.parts': {
    create: `Files over 1 GB, and those of unknown length, cannot be stored. ${POLICY}`,
    part: `Files over 1 GB, and those of unknown length, cannot be stored. ${POLICY}`,
    complete: `Files over 1 GB, and those of unknown length, cannot be stored. ${POLICY}`,
  },
  'bucket.uploads': {
    refused: `Optional: without s3:ListBucketMultipartUploads, parts of broken uploads stay and cost money; a lifecycle rule can end them. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.abort': {
    refused: `Optional: without s3:AbortMultipartUpload, parts of broken uploads stay and cost money; a lifecycle rule can end them. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.versioning': {
    refused: `Optional: without s3:GetBucketVersioning, each removal takes one request more. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.versions': {
    refused: `Without s3:ListBucketVersions, what is purged stays in the bucket as an older version. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.version': {
    refused: `Without s3:GetObjectVersion, older versions of files cannot be downloaded. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.lock': {
    hold: `Without s3:GetObjectLegalHold and s3:PutObjectLegalHold, held files are not held in the bucket. ${POLICY}`,
    retention: `Without s3:GetObjectRetention, nobody is told until when the bucket retains a file. ${POLICY}`,
    failed: AS_SAID,
  },
  'bucket.delete': {
    refused: `Optional, for an archive: without s3:DeleteObject, and s3:DeleteObjectVersion where versions are kept, what people delete stays in the bucket. ${POLICY}`,
    failed: AS_SAID,
  },
  database: { wrong: AS_SAID },
  'database.version': { old: 'Move to PostgreSQL 13 or later (dump and restore, or pg_upgrade).' },
  'database.schema': {
    older: 'Start the bot of this version once: it changes the tables. Stop older bots before.',
    newer:
      'Start the version that made the tables, or point DATABASE_URL or VAULT_DATA_DIR at another catalog.',
  },
  'database.write': {
    readOnly:
      'Point DATABASE_URL at the primary server, or set default_transaction_read_only = off for this role and database.',
    rights:
      'Let the role of DATABASE_URL own the tables and create new ones: grant create on schema public to it, and alter table … owner to it.',
    file: 'Give vault.db, vault.db-wal and vault.db-shm to the user that runs the bot.',
  },
  'database.search': {
    missing:
      'As the database’s superuser, run create extension pg_trgm; there, then start the bot again. Without it, searches read all names.',
    unavailable:
      'Install PostgreSQL’s contrib package (Debian: postgresql-contrib), then run create extension pg_trgm; as superuser.',
  },
  'database.tls': {
    off: 'Add sslmode=verify-full to DATABASE_URL; docs/postgresql.md has a part about TLS.',
    unverified:
      'Use sslmode=verify-full, with sslrootcert for a private authority: as it is, anybody in between can read along.',
  },
  'database.pooler': {
    statement: 'Set pool_mode = transaction in the pooler, or point DATABASE_URL at the server itself.',
  },
  scanner: {
    away: 'Start clamd, or correct VAULT_SCAN; the user that runs the bot must be allowed to open its socket. docs/scan.md says how.',
    limits:
      'Put AlertExceedsMax yes into clamd.conf and restart clamd; docs/scan.md has all lines that it needs.',
    locked: 'Put AlertEncrypted yes into clamd.conf and restart clamd.',
    differs:
      'Give all bots of one catalog the same VAULT_SCAN and VAULT_SCAN_UNSCANNED, and start them again. Until then, the strictest counts.',
    old: 'See why freshclam brings no new ones: its log says it.',
  },
} as const satisfies Record<string, Record<string, string>>;
