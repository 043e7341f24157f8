import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeMetadata, encodeMetadata, type ObjectDescription } from '../../src/storage/metadata.ts';

const id = fc.stringMatching(/^[A-Z0-9]{1,12}$/);
const text = (maxLength: number) => fc.option(fc.string({ unit: 'grapheme', minLength: 1, maxLength }));
const anything = (maxLength: number): fc.Arbitrary<ObjectDescription> =>
  fc.record({
    teamId: id,
    fileId: id,
    channelId: id,
    uploaderId: fc.option(id),
    sharedAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
    messageTs: fc.option(fc.constant('1795418724.000100')),
    name: text(maxLength),
    title: text(maxLength),
    mimetype: fc.option(fc.constant('application/pdf')),
    sha256: fc.option(fc.constant('a'.repeat(64))),
  });

it('is read as it was written', () => {
  fc.assert(
    fc.property(anything(20), (object) => {
      expect(decodeMetadata(encodeMetadata(object))).toEqual({
        ...object,
        title: object.title ?? object.name,
      });
    }),
  );
});

it('is printable ASCII within 2 KB, and long names are cut at whole characters', () => {
  fc.assert(
    fc.property(anything(500), (object) => {
      const metadata = encodeMetadata(object);
      const bytes = Object.entries(metadata).reduce(
        (sum, [key, value]) => sum + 11 + key.length + value.length,
        0,
      );
      expect(bytes).toBeLessThanOrEqual(2048);
      for (const value of Object.values(metadata)) expect(value).toMatch(/^[!-~]+$/);
      const back = decodeMetadata(metadata);
      expect((object.name ?? '').startsWith(back?.name ?? '')).toBe(true);
      expect(back?.name?.includes('\ufffd')).not.toBe(true);
    }),
  );
});

it('survives lone surrogates and what looks like an encoded word', () => {
  const object = {
    teamId: 'T1',
    fileId: 'F1',
    channelId: 'C1',
    uploaderId: null,
    sharedAt: 0,
    messageTs: null,
    name: '=?UTF-8?B?4pyT?= 100%',
    title: '\ud800 half',
    mimetype: null,
    sha256: null,
  };
  expect(encodeMetadata(object).name).not.toContain('=?');
  expect(decodeMetadata(encodeMetadata(object))).toEqual({ ...object, title: '\ufffd half' });
});

it('shows when an object is not ours', () => {
  expect(decodeMetadata({})).toBeNull();
  expect(decodeMetadata({ team: 'T1', file: 'F1', channel: 'C1', 'shared-at': 'once' })).toBeNull();
});
