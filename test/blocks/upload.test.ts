import { describe, it } from 'vitest';
import { uploadedScreen, uploadOffer, uploadView } from '../../src/blocks/upload.ts';
import { expectScreen, expectScreenView } from './snapshot.ts';

describe('uploads', () => {
  it('ask for files, and for a channel that may be left out', () => expectScreenView('upload', uploadView()));
  it('are offered by a button', () => expectScreen('upload-offer', uploadOffer()));
  it('say who will see them', async () => {
    await expectScreen('uploaded', uploadedScreen({ files: 3, channelId: 'C0GENERAL' }));
    await expectScreen('uploaded-private', uploadedScreen({ files: 1, channelId: null }));
  });
});
