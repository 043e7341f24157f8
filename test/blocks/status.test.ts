import { describe, expect, it } from 'vitest';
import { retryingScreen } from '../../src/blocks/retrying.ts';
import { statusScreen } from '../../src/blocks/status.ts';
import { noFindings } from '../../src/catalog/watch/findings.ts';
import { adminStatus, file, NOW, notStored } from './samples.ts';
import { expectScreen, wordsOf } from './snapshot.ts';

const nothing = { files: [], total: 0 };
const storing = file({ ...notStored, fileId: 'F0MOV', name: 'keynote.mov', state: 'storing' });
const failed = file({
  ...notStored,
  fileId: 'F0BAD',
  name: 'notes.txt',
  state: 'failed',
  errorCode: 'bucket_credentials',
  errorText: 'check AWS_ACCESS_KEY_ID',
  dueAt: NOW + 60_000,
});

describe('/vault status', () => {
  it('says that all is well', async () => {
    await expectScreen(
      'status-quiet',
      statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin: null }),
    );
  });

  it('shows a person what waits and what failed, with Retry', async () => {
    const screen = statusScreen({
      now: NOW,
      onTheWay: { files: [storing], total: 7 },
      failures: { files: [failed], total: 1 },
      admin: null,
    });
    await expectScreen('status-person', screen);
    expect(JSON.stringify(screen)).toContain('"action_id":"retry_file"');
    // Settings are for those who run the vault.
    expect(wordsOf(screen)).not.toContain('AWS_');
    expect(JSON.stringify(screen)).not.toContain('retry_all');
  });

  it('shows admins the whole vault, with Retry all', async () => {
    await expectScreen(
      'status-admin',
      statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin: adminStatus }),
    );
  });

  it('shows admins a vault that is well, offering no Retry', async () => {
    const admin = {
      ...adminStatus,
      queue: { pending: 0, storing: 0, failed: 0 },
      reasons: [],
      sweep: { lastAt: null, unreadable: ['C0PRIVATE'] },
      verified: adminStatus.verified && { ...adminStatus.verified, counts: noFindings() },
      uncovered: { channelIds: [], total: 0, atLeast: false },
      left: [],
      troubles: [],
    };
    const screen = statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin });
    await expectScreen('status-admin-well', screen);
    expect(JSON.stringify(screen)).not.toContain('retry_all');
  });

  it('says so when Slack does not list channels and nothing was compared', () => {
    const admin = { ...adminStatus, uncovered: null, verified: null };
    const words = wordsOf(statusScreen({ now: NOW, onTheWay: nothing, failures: nothing, admin }));
    expect(words).toContain('have not been compared yet');
    expect(words).toContain('Slack does not say');
  });

  it('Retry all says how many', async () => {
    await expectScreen('retrying', retryingScreen({ files: 1_204 }));
    expect(retryingScreen({ files: 0 }).text).toContain('nothing');
  });
});
