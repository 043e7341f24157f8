import fc from 'fast-check';
import type { Alert } from '../../src/catalog/alerts/alerts.ts';
import type { FailingReason } from '../../src/catalog/alerts/failing.ts';
import { FINDING_KINDS, type FindingCounts } from '../../src/catalog/alerts/findings.ts';
import type { FileState, ListedFile, SkipReason } from '../../src/catalog/model.ts';
import { listed } from './samples.ts';

const nasty = fc.constantFrom(
  '<!channel>',
  '<@U123>',
  '<https://evil.example|ok>',
  '*',
  '_',
  '~',
  '`',
  '```',
  '\n',
  '\r\n',
  '\t',
  '\u0000',
  ':tada:',
  '\u202e',
  '\u2066',
  '\u2069',
  '\ud800',
  '\udc00',
  'שלום',
  'ملف',
  '👩‍👩‍👧‍👦',
  'é',
  'é̂̃̄̅',
  '&amp;',
  '&lt;',
  '&',
  '>',
  '@here',
  'https://x.example',
  ' ',
  '\u200b',
  '\u00a0',
  '.pdf',
  'report',
  '🇩🇪',
  '\u2028',
  '\u007f',
  '\u0085',
);

/** Names that look impossible, but will come some day. */
export const anyName = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc
    .array(fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 5 })), { maxLength: 40 })
    .map((parts) => parts.join('')),
  fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 300 })
    .map((units) => String.fromCharCode(...units)),
  fc.tuple(nasty, fc.integer({ min: 1, max: 2000 })).map(([part, times]) => part.repeat(times)),
  fc
    .tuple(fc.string({ minLength: 1, maxLength: 9 }), fc.constant(20_000))
    .map(([part, times]) => part.repeat(times)),
);

const anyNumber = fc.oneof(
  fc.nat(),
  fc.maxSafeNat(),
  fc.constantFrom(0, 1, Number.MAX_VALUE, -1, Number.NaN, Infinity),
);
const anyTime = fc.oneof(fc.nat({ max: 4e12 }), anyNumber);
const orNull = <T>(it: fc.Arbitrary<T>) => fc.option(it, { nil: null, freq: 4 });

const states: FileState[] = ['pending', 'storing', 'stored', 'trashed', 'purged', 'skipped', 'failed'];
const reasons: SkipReason[] = [
  'external',
  'hidden_by_limit',
  'tombstone',
  'deleted_in_slack',
  'access_denied',
  'too_large',
  'excluded_type',
  'no_content',
];

export const anyUser = fc.oneof(fc.constantFrom('U0ANN', 'W123', 'vault', ''), anyName);

/** Addresses that came with a file, and texts that are not addresses. */
const anyAddress = fc.oneof(
  anyName,
  anyName.map((name) => `https://drive.example/${name}`),
  anyName.map((name) => `https://drive.example/?q=${name}#${name}`),
  fc.webUrl({ withFragments: true, withQueryParameters: true }),
  fc.constantFrom(
    'javascript:alert(1)',
    'https://a.example/|<!channel>',
    `https://a.example/${'x'.repeat(2_900)}`,
  ),
);

export const anyFile: fc.Arbitrary<ListedFile> = fc
  .record({
    fileId: fc.stringMatching(/^F[A-Z0-9]{8,14}$/),
    name: orNull(anyName),
    title: orNull(anyName),
    mimetype: orNull(anyName),
    filetype: orNull(anyName),
    mode: orNull(fc.constantFrom('hosted', 'external', 'snippet', 'canvas')),
    size: orNull(anyNumber),
    uploaderId: orNull(anyUser),
    state: fc.constantFrom(...states),
    reason: orNull(fc.constantFrom(...reasons)),
    externalUrl: orNull(anyAddress),
    permalink: orNull(anyAddress),
    errorCode: orNull(fc.constantFrom('bucket_full', 'toString', 'something_else')),
    errorText: orNull(anyName),
    dueAt: orNull(anyTime),
    channelId: fc.constantFrom('C0GENERAL', 'D0DIRECT', 'G0OLD'),
    sharedAt: anyTime,
    storedBytes: orNull(anyNumber),
    sha256: orNull(fc.stringMatching(/^[0-9a-f]{64}$/)),
    proof: orNull(fc.constantFrom('crc32' as const, 'md5' as const, 'size' as const)),
    storedAt: orNull(anyTime),
    trashedAt: orNull(anyTime),
    trashedBy: orNull(anyUser),
    purgeAt: orNull(anyTime),
    slackDeletedAt: orNull(anyTime),
    listedAt: anyTime,
    listedBy: orNull(anyUser),
  })
  .map((given) => listed({ ...given, listedChannelId: given.channelId }));

export const anyFiles = fc.array(anyFile, { maxLength: 25, size: 'max' });

const anyCode = fc.constantFrom('bucket_full', 'login_page', 'toString', 'something_else');
export const anyReason: fc.Arbitrary<FailingReason> = fc.record({
  code: orNull(anyCode),
  text: orNull(anyName),
  files: anyNumber,
  long: anyNumber,
});
const anyCounts = fc.record(
  Object.fromEntries(FINDING_KINDS.map((kind) => [kind, fc.nat()])),
) as fc.Arbitrary<FindingCounts>;
export const anyAlert: fc.Arbitrary<Alert> = fc.oneof(
  fc.record({ kind: fc.constant('failing'), code: anyCode, text: orNull(anyName), files: fc.nat() }),
  fc.record({ kind: fc.constant('scope'), scope: anyName }),
  fc.record({ kind: fc.constant('removed'), channelId: fc.stringMatching(/^[CG][A-Z0-9]{8}$/) }),
  fc.record({ kind: fc.constant('verify'), counts: anyCounts }),
) as fc.Arbitrary<Alert>;

export { anyNumber, anyTime, orNull };
