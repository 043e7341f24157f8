import { describe, expect, it } from 'vitest';
import { detailsView } from '../../src/blocks/details.ts';
import type { FileVersion } from '../../src/catalog/model.ts';
import type { Checked } from '../../src/catalog/scan/model.ts';
import { expectView } from './block-kit-rules.ts';
import { DAY, file, NOW } from './samples.ts';

const older = (count: number): FileVersion[] =>
  Array.from({ length: count }, (_, index) => ({
    ...{ teamId: 'T1', fileId: 'F1', number: count - index, objectKey: 'k', storedBytes: 2_048 },
    ...{ sha256: 'a'.repeat(64), crc32: '', etag: null, versionId: null, proof: 'crc32' as const },
    ...{ storedType: null, storedAt: NOW - index * DAY, lostAt: null },
  }));

function details(
  versions: FileVersion[],
  given: Parameters<typeof file>[0] = {},
  scan: Parameters<typeof detailsView>[0]['scan'] = null,
) {
  const one = file({ version: versions.length + 1, olderVersions: versions.length, ...given });
  return detailsView({ file: one, shares: [], history: [], mayDelete: false, more: true, versions, scan });
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
      expect(text).not.toMatch(/\d more/);
    }
    expect(JSON.stringify(details(older(6_000)))).toContain('…and 961 more');
  });

  it('of a file in the trash cannot be fetched', () => {
    expect(buttonsOf(details(older(3), { state: 'trashed' }))).toBe(0);
  });

  it('with malware have no download; an admin releases them, also one of the oldest', () => {
    const found: Checked = {
      ...{ state: 'infected', signature: 'Evil.Worm', reason: null, release: null, isGiven: false },
      ...{ since: NOW, scannedWith: null, scannedAt: null },
    };
    const older250 = older(250);
    const checks = new Map([3, 249].map((number) => [number, found]));
    const member = details(
      older250,
      {},
      { newest: null, older: checks, mayRelease: false, releasable: new Set() },
    );
    const admin = details(
      older250,
      {},
      { newest: null, older: checks, mayRelease: false, releasable: new Set([3, 249]) },
    );
    for (const view of [member, admin]) {
      expectView(view);
      for (const number of [3, 249])
        expect(JSON.stringify(view)).not.toMatch(new RegExp(`download_version[^}]*:${number}"`));
    }
    expect(JSON.stringify(member)).not.toContain('scan_release');
    const released = JSON.stringify(admin).match(/"action_id":"scan_release"/g);
    expect(released).toHaveLength(2);
    for (const number of [3, 249])
      expect(JSON.stringify(admin)).toMatch(new RegExp(`"scan_release".{0,250}:${number}"`));
  });
});
