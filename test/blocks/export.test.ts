import { describe, expect, it } from 'vitest';
import { exportNotMade, exportReady, exportStarted } from '../../src/blocks/export.ts';
import type { ExportJob } from '../../src/catalog/governance/exports.ts';
import { DAY, NOW } from './samples.ts';
import { expectScreen } from './snapshot.ts';

const job: ExportJob = {
  ...{ id: 1, teamId: 'T1', exportId: '0c9f', kind: 'manifest', format: 'csv', channelId: 'C0GENERAL' },
  ...{ filter: {}, requestedBy: 'U0ANN', requestedAt: NOW, state: 'made', objectKey: 'k', rowCount: 1204 },
  ...{ bytes: 99_000, madeAt: NOW, attempts: 0 },
};

describe('exports', () => {
  it('are told when they begin, when they are ready, and when they fail', async () => {
    await expectScreen('export-started', exportStarted(job));
    await expectScreen('export-ready', exportReady({ ...job, goneAt: NOW + DAY }));
    await expectScreen(
      'export-link',
      exportReady({
        ...{ ...job, kind: 'audit', goneAt: NOW + DAY },
        link: { url: 'https://s3.example/a', minutes: 5 },
      }),
    );
    await expectScreen('export-failed', exportNotMade({ why: 'failed' }));
    await expectScreen('export-refused', exportNotMade({ why: 'refused' }));
  });

  it('refuse a link that no button can carry', () => {
    const link = { url: `https://s3.example/${'x'.repeat(3_000)}`, minutes: 5 };
    expect(() => exportReady({ ...job, goneAt: NOW + DAY, link })).toThrow(RangeError);
  });
});
