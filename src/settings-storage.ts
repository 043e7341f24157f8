import type { Topic } from './setting.ts';

/** The settings of bucket and catalog. */
export const STORAGE_SETTINGS: readonly Topic[] = [
  {
    topic: 'The bucket',
    settings: [
      { name: 'VAULT_PREFIX', common: true, example: 'slack', about: 'a folder in the bucket' },
      {
        ...{ name: 'AWS_REGION', otherwise: 'the SDK’s', example: 'eu-central-1', readBy: 'AWS SDK' },
        ...{ common: true, about: 'the bucket’s region, as everywhere in AWS' },
      },
      {
        ...{ name: 'AWS_PROFILE', otherwise: 'the SDK’s', readBy: 'AWS SDK' },
        about: 'the profile of `~/.aws` that has the credentials',
      },
      {
        ...{ name: 'AWS_ACCESS_KEY_ID', otherwise: 'the SDK’s', secret: true, readBy: 'AWS SDK' },
        about:
          'credentials, where they do not come by a role; the SDK looks in all its usual places ([what they must allow](storage.md))',
      },
      {
        ...{ name: 'AWS_SECRET_ACCESS_KEY', otherwise: 'the SDK’s', secret: true, readBy: 'AWS SDK' },
        about: 'the other half of them',
      },
      {
        ...{ name: 'AWS_SESSION_TOKEN', otherwise: 'the SDK’s', secret: true, readBy: 'AWS SDK' },
        about: 'for credentials that end by themselves, for tries: a bot that is to go on needs a role',
      },
      {
        ...{ name: 'AWS_ENDPOINT_URL_S3', otherwise: 'AWS', readBy: 'AWS SDK' },
        about: 'the address of another S3-compatible store',
      },
      {
        ...{ name: 'VAULT_S3_PATH_STYLE', standard: '0' },
        about: '`1` for stores without a host name for each bucket',
      },
      {
        ...{ name: 'VAULT_S3_SSE_KMS_KEY_ID', example: 'alias/vault' },
        about: 'encrypt with this KMS key: its id, ARN or alias',
      },
      {
        ...{ name: 'VAULT_S3_STORAGE_CLASS', example: 'STANDARD_IA' },
        about: 'the storage class, such as `STANDARD_IA` or `GLACIER_IR`; one that can be read at once',
      },
      {
        ...{ name: 'VAULT_S3_TAGS', example: 'team=legal,cost=4711' },
        about: 'tags for every object, such as `team=legal,cost=4711`',
      },
      {
        ...{ name: 'VAULT_S3_EXPECTED_OWNER', example: '111122223333' },
        about: 'the AWS account that must own the bucket; in another one nothing is done',
      },
      {
        ...{ name: 'VAULT_S3_TRAILERS', standard: 'auto' },
        about: '`off` as a last resort: no checksum follows a stream, whatever the store seems to take',
      },
      {
        ...{ name: 'VAULT_LINK_ENDPOINT', example: 'https://files.example.com' },
        about:
          'the store’s address for people’s browsers, where they do not reach the bot’s own; links carry it',
      },
      { name: 'VAULT_LINK_MINUTES', standard: '5', about: 'how long download links work' },
      {
        ...{ name: 'VAULT_PRICE_PER_GB', standard: '0.023' },
        about:
          'what a GB costs in a month, in dollars, for `/vault stats`; the default is S3 Standard’s list price in us-east-1; `0` leaves the costs out',
      },
    ],
  },
  {
    topic: 'The catalog',
    settings: [
      {
        ...{ name: 'DATABASE_URL', secret: true, common: true },
        example: 'postgres://vault@db.example.com/vault',
        about:
          'PostgreSQL, for more than one bot process; else SQLite. [TLS, sockets, poolers](postgresql.md)',
      },
      {
        ...{ name: 'VAULT_DATA_DIR', standard: './data', common: true },
        about: 'where SQLite’s file lives',
      },
      {
        ...{ name: 'VAULT_NEW_CATALOG', standard: '0' },
        about:
          '`1`: the catalog is to begin empty although the bucket holds a vault already ([why](rebuild.md#by-itself))',
      },
      {
        ...{ name: 'VAULT_JOURNAL_SECONDS', standard: '60' },
        about: 'how often the catalog’s news are written to the bucket while there are any',
      },
      {
        ...{ name: 'VAULT_VERIFY_HOURS', standard: '24' },
        about:
          'how often the bot compares catalog and bucket by listing; `0` for never. `npm run verify` does it at once, `-- --deep` reads every byte, `-- --repair` mends',
      },
      {
        ...{ name: 'VAULT_DRILL_DAYS', standard: '7' },
        about:
          'how often the catalog is brought back from the bucket alone and compared ([restore drills](backup.md#restore-drills)); `0` for never. `npm run drill` does it at once',
      },
      {
        ...{ name: 'VAULT_DRILL_READ_GB', otherwise: 'all within a year' },
        about: 'how many GB of objects a drill reads whole',
      },
    ],
  },
];
