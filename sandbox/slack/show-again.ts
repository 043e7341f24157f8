/** Shows the pages how a file looks now. */
import { seesChannel } from './access.ts';
import { pageMessage } from './render.ts';
import type { FileRecord } from './types.ts';
import { tellWorkspace } from './workspace.ts';
import type { World } from './world.ts';

/** Every message with this file is drawn again, and tabs get its new title. The app hears nothing about it. */
export function showAgain(world: World, file: FileRecord): void {
  for (const { channel, ts } of file.shares) {
    const message = world.state.messages.get(channel, ts);
    if (message === undefined) continue;
    const event = { type: 'message_changed' as const, message: pageMessage(world, message) };
    world.notify(event, (user) => seesChannel(world, user, channel));
  }
  if (file.shares.some((share) => share.silent)) tellWorkspace(world);
}
