import { describe, expect, it } from 'vitest';
import { describeSqliteError } from '../../src/catalog/db/open-errors.ts';
import { postgresAddress } from '../../src/catalog/db/postgres-address.ts';
import { describePostgresError } from '../../src/catalog/db/postgres-errors.ts';
import { type SlackApi, SlackApiError } from '../../src/slack/api.ts';
import { whoAmI } from '../../src/slack/identity.ts';
import { connectSockets } from '../../src/slack/socket-receiver.ts';
import { isOutage } from '../../src/start/outage.ts';
import { storageError } from '../../src/storage/errors.ts';

const PLACE = { name: 'vault', endpointHost: 's3.example.com' };
const ADDRESS = postgresAddress('postgres://vault:s3cret@db.example.com:5432/vault');
const API = 'https://slack.test/api/';

/** What the SDK throws for this answer. */
const answer = (name: string, httpStatusCode: number) =>
  Object.assign(new Error(name), { name, $metadata: { httpStatusCode } });
/** What Node throws when no answer comes. */
const noAnswer = (code: string, message = code) => Object.assign(new Error(message), { code });
const bucket = (error: Error) => isOutage(storageError(error, PLACE));
const postgres = (error: Error) => isOutage(describePostgresError(error, ADDRESS));

describe('the bucket', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'],
    ...['ETIMEDOUT', 'CERT_HAS_EXPIRED'],
  ])('is away at %s', (code) => expect(bucket(noAnswer(code))).toBe(true));
  it.each([
    ['SlowDown', 503],
    ['ServiceUnavailable', 503],
    ['TooManyRequests', 429],
    ['InternalError', 500],
    ['BadGateway', 502],
    ['GatewayTimeout', 504],
    ['RequestTimeout', 400],
    ['RequestTimeout', 408],
    ['OperationAborted', 409],
    ['RequestTimeTooSkewed', 403],
    ['InsufficientStorage', 507],
  ])('is away or busy at %s (%i)', (name, status) => expect(bucket(answer(name, status))).toBe(true));
  it.each([
    ['NoSuchBucket', 404],
    ['InvalidBucketName', 400],
    ['AccessDenied', 403],
    ['AllAccessDisabled', 403],
    ['InvalidAccessKeyId', 403],
    ['SignatureDoesNotMatch', 403],
    ['ExpiredToken', 400],
    ['PermanentRedirect', 301],
    ['AuthorizationHeaderMalformed', 400],
    ['InvalidRequest', 400],
    ['NotImplemented', 501],
  ])('needs a person at %s (%i)', (name, status) => expect(bucket(answer(name, status))).toBe(false));
  it.each(['SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'ERR_TLS_CERT_ALTNAME_INVALID'])(
    'needs a person at %s: trust is read only at the start',
    (code) => expect(bucket(noAnswer(code))).toBe(false),
  );
  it('needs a person without credentials, unless a service of the platform gives them', () => {
    const error = answer('CredentialsProviderError', 0);
    error.message = 'Could not load credentials from any providers';
    expect(bucket(error)).toBe(false);
    process.env.AWS_WEB_IDENTITY_TOKEN_FILE = '/var/run/token';
    try {
      expect(bucket(error)).toBe(true);
    } finally {
      delete process.env.AWS_WEB_IDENTITY_TOKEN_FILE;
    }
  });
});

describe('the database', () => {
  it.each([
    ...['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENOENT'],
    ...['57P01', '57P02', '57P03', '57014', '53300', '53100', '53200', '08006', '08001', '55P03', '40P01'],
  ])('is away or busy at %s', (code) => expect(postgres(noAnswer(code))).toBe(true));
  it.each([
    'timeout expired',
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
  ])('is away at "%s"', (message) => expect(postgres(new Error(message))).toBe(true));
  it.each(['28P01', '28000', '3D000', '42501', '25006', '42601', '0A000'])('needs a person at %s', (code) =>
    expect(postgres(noAnswer(code))).toBe(false),
  );
  it.each(['The server does not support SSL connections', 'SASL: client password must be a string'])(
    'needs a person at "%s"',
    (message) => expect(postgres(new Error(message))).toBe(false),
  );
  it.each([
    'no such database: vault',
    'server login failed: FATAL password authentication failed for user "vault"',
    'transaction blocks not allowed in statement pooling mode',
  ])('needs a person where a pooler says "%s"', (message) =>
    expect(postgres(noAnswer('08P01', message))).toBe(false),
  );
  it('of SQLite needs a person at whatever stops it', () => {
    for (const errcode of [5, 8, 11, 13, 14, 26])
      expect(isOutage(describeSqliteError(Object.assign(new Error('x'), { errcode }), './data'))).toBe(false);
    expect(isOutage(describeSqliteError(noAnswer('EACCES'), './data'))).toBe(false);
  });
});

describe('Slack', () => {
  const refusing = (code: string) =>
    ({ call: () => Promise.reject(new SlackApiError('auth.test', code)) }) as unknown as SlackApi;
  const thrown = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (error: unknown) => error,
    );

  it.each([
    ...['ratelimited', 'rate_limited', 'internal_error', 'fatal_error', 'service_unavailable'],
    ...['request_timeout', 'team_added_to_org', 'org_login_required', 'unexpected_answer', 'unreachable'],
    ...['http_500', 'http_502', 'http_403', 'a_word_that_is_new'],
  ])('is away or busy at %s', async (code) => {
    expect(isOutage(await thrown(whoAmI(refusing(code), API)))).toBe(true);
    const refused = Object.assign(new Error(code), { data: { ok: false, error: code } });
    expect(isOutage(await thrown(connectSockets(() => Promise.reject(refused), API)))).toBe(true);
  });

  it.each([
    ...['invalid_auth', 'not_authed', 'account_inactive', 'token_revoked', 'token_expired'],
    ...['not_allowed_token_type', 'missing_scope', 'no_permission', 'access_denied', 'accesslimited'],
    ...['ekm_access_denied', 'enterprise_is_restricted', 'team_access_not_granted', 'team_disabled'],
    ...['two_factor_setup_required', 'forbidden_team', 'user_removed_from_team'],
  ])('needs a person at %s', async (code) => {
    const error = await thrown(whoAmI(refusing(code), API));
    expect(isOutage(error)).toBe(false);
    expect(error).toMatchObject({ variable: 'SLACK_BOT_TOKEN', message: expect.stringContaining(code) });
    const refused = Object.assign(new Error(code), { data: { ok: false, error: code } });
    const ofSockets = await thrown(connectSockets(() => Promise.reject(refused), API));
    expect(isOutage(ofSockets)).toBe(false);
    expect(ofSockets).toMatchObject({ variable: 'SLACK_APP_TOKEN' });
  });

  it('needs a person when its certificate is not trusted, however deep that stands', async () => {
    const cause = new TypeError('fetch failed', { cause: noAnswer('SELF_SIGNED_CERT_IN_CHAIN') });
    const api = {
      call: () => Promise.reject(new SlackApiError('auth.test', 'unreachable', { cause })),
    } as unknown as SlackApi;
    const error = await thrown(whoAmI(api, API));
    expect(isOutage(error)).toBe(false);
    expect((error as Error).message).toContain('NODE_EXTRA_CA_CERTS');
  });
});

it('a defect is no outage', () => {
  expect(isOutage(new TypeError('x is not a function'))).toBe(false);
  expect(isOutage(noAnswer('ENOENT'))).toBe(false);
});
