/** Deleting a file, and the effect on the messages that carry it. */
import { rm } from 'node:fs/promises';
import { botIsIn, botSeesFile } from './access.ts';
import { forgetTab } from './kinds/canvas.ts';
import { partPath } from './kinds/serve.ts';
import { deleteMessage, emitChanged } from './messages.ts';
import { messageObject } from './render.ts';
import type { FileRecord } from './types.ts';
import type { World } from './world.ts';

/** Deletes a file for everybody. Messages with nothing else are deleted too; others keep a tombstone. */
export async function deleteFile(world: World, file: FileRecord): Promise<void> {
  const visible = botSeesFile(world, file);
  const messages = file.shares.flatMap((share) => world.state.messages.get(share.channel, share.ts) ?? []);
  const before = messages.map((message) => messageObject(world, message, { event: true }));
  const channels = file.shares
    .map((share) => share.channel)
    .filter((id) => {
      const channel = world.state.channels.get(id);
      return channel !== undefined && botIsIn(world, channel);
    });
  file.deleted = true;
  file.shares = [];
  world.state.files.set(file.id, file);
  const parts = ['tmb', ...(file.mail?.attachments.map((one) => one.hash) ?? [])];
  for (const path of [world.state.filePath(file.id), ...parts.map((part) => partPath(world, file, part))]) {
    await rm(path, { force: true });
  }
  forgetTab(world, file);
  if (visible) {
    const ts = world.state.nextTs();
    world.emit({ type: 'file_deleted', file_id: file.id, channel_ids: channels, event_ts: ts }, {});
  }
  messages.forEach((message, at) => {
    const left = message.files?.some((id) => !world.state.files.get(id)?.deleted);
    if (!left && message.text === '' && message.blocks === undefined) deleteMessage(world, message);
    else emitChanged(world, message, before[at] ?? {});
  });
}
