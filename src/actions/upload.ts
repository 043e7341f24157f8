import { screenModal } from '../blocks/screen-modal.ts';
import { uploadedScreen, uploadView } from '../blocks/upload.ts';
import { uploadFiles, uploadPlace } from '../vault/files/upload.ts';
import type { Action } from './click.ts';
import type { InputValues, Submission } from './submission.ts';

/** The button in App Home and under `/vault upload`. */
export const openUpload: Action = {
  id: 'open_upload',
  run: (vault, click) =>
    click.open(async () => {
      const { userId, channelId } = click;
      return uploadView({ channelId: channelId && (await uploadPlace(vault, { userId, channelId })) });
    }),
};

/** The files in the submitted modal: for a channel, or for the person alone. */
export const upload: Submission = {
  id: 'upload',
  async run(vault, { userId, values }) {
    const where = values.where?.where?.selected_conversation;
    const channelId = typeof where === 'string' ? where : null;
    const { names, isPublic } = await uploadFiles(vault, { userId, fileIds: chosenFiles(values), channelId });
    return screenModal(uploadedScreen({ names, channelId, isPublic }));
  },
};

function chosenFiles(values: InputValues): string[] {
  const files = values.files?.files?.files;
  const ids = Array.isArray(files) ? files.map((file) => (file as { id?: unknown } | null)?.id) : [];
  return [...new Set(ids)].filter(
    (id): id is string => typeof id === 'string' && /^F[A-Z0-9]{1,30}$/.test(id),
  );
}
