import { describe, expect, it } from 'vitest';
import { uploadedScreen, uploadMessage, uploadOffer, uploadView } from '../../src/blocks/upload.ts';
import { expectScreen, expectScreenView } from './snapshot.ts';

describe('uploads', () => {
  it('ask for files, and for a channel that may be left out', () =>
    expectScreenView('upload', uploadView({ channelId: null })));
  it('are offered by a button', () => expectScreen('upload-offer', uploadOffer()));
  it('say who will see them', async () => {
    await expectScreen('uploaded', uploadedScreen({ names: ['a.pdf', 'b.png'], channelId: 'C0GENERAL' }));
    await expectScreen('uploaded-private', uploadedScreen({ names: ['diary.txt'], channelId: null }));
  });
  it('begin with the channel where they were asked for', () => {
    expect(JSON.stringify(uploadView({ channelId: 'C0GENERAL' }))).toContain(
      '"initial_conversation":"C0GENERAL"',
    );
  });
  it('end in a word for each file', async () => {
    const saved = { name: 'a.pdf', end: 'saved' as const, bytes: 24 * 1024 * 1024, why: null };
    const lost = { name: 'b.exe', end: 'not_saved' as const, bytes: null, why: 'this type is left out' };
    const failed = { name: 'c.zip', end: null, bytes: null, why: 'The bucket is full.' };
    const waits = { name: 'd.zip', end: null, bytes: null, why: null };
    const channelId = 'C0GENERAL';
    await expectScreen('upload-ended', uploadMessage({ files: [saved, lost, failed], channelId }));
    expect(uploadMessage({ files: [saved, waits], channelId }).text).toContain('Saving 1 file');
    expect(uploadMessage({ files: [lost], channelId: null }).text).toContain('Nothing was saved');
  });
});
