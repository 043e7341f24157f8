import { describe, expect, it } from 'vitest';
import { detailsView } from '../../src/blocks/details.ts';
import type { FileVersion } from '../../src/catalog/model.ts';
import { expectView } from './block-kit-rules.ts';
import { DAY, file, NOW } from './samples.ts';

const older = (count: number): FileVersion[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ teamId: 'T1', fileId: 'F1', number: count - index, objectKey: 'k', storedBytes: 2_048 },
    ...{ sha256: 'a'.repeat(64), crc32: '', etag: null, versionId: null, proof: 'crc32' as const },
    ...{ storedType: null, storedAt: NOW - index * DAY, lostAt: null },
  }));

function details(versions: FileVersion[], given: Parameters<typeof file>[0] = {}) {
  const one = file({ version: versions.length + 1, olderVersions: versions.length, ...given });
  return detailsView({ file: one, shares: [], history: [], mayDelete: false, versions });
}

const buttonsOf = (view: ReturnType<typeof details>) =>
  [...JSON.stringify(view).matchAll(/"action_id":"download_version"/g)].length;

describe('the versions in Details', () => {
  it('are not mentioned where there is one', () => {
    expect(JSON.stringify(details([]))).not.toContain('Versions');
  });

  it('are listed newest first, forty with a button of their own, all further ones in a menu', () => {
    for (const count of [1, 39, 40, 250]) {
      const view = details(older(count), { name: `${'*&<'.repeat(80)}.html` });
      expectView(view);
      expect(buttonsOf(view)).toBe(count + 1 > 40 ? 41 : count + 1);
      const text = JSON.stringify(view);
      for (let number = 1; number <= count + 1; number++) expect(text).toContain(`:${number}"`);
      expect(text).not.toContain('more');
    }
    expect(JSON.stringify(details(older(6_000)))).toContain('…and 961 more');
  });

  it('of a file in the trash cannot be fetched', () => {
    expect(buttonsOf(details(older(3), { state: 'trashed' }))).toBe(0);
  });
});
