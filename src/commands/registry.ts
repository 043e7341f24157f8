import type { Vault } from '../vault/context.ts';
import { offeredTo } from '../vault/offered.ts';
import { audit } from './audit.ts';
import { backfill } from './backfill.ts';
import { channelRules } from './channel.ts';
import type { Command } from './command.ts';
import { deleteFiles } from './delete.ts';
import { exportChannel } from './export.ts';
import { find } from './find.ts';
import { get } from './get.ts';
import { help } from './help.ts';
import { hold } from './hold.ts';
import { list } from './list.ts';
import { mine } from './mine.ts';
import { stats } from './stats.ts';
import { status } from './status.ts';
import { trash } from './trash.ts';
import { upload } from './upload.ts';

/** Every `/vault` subcommand, in the order of the help. A new one needs a file and a line here. */
export const COMMANDS: readonly Command[] = [
  ...[find, list, mine, get, upload, deleteFiles, trash, channelRules, exportChannel, stats, status],
  ...[backfill, hold, audit],
  help(forWhom),
];

/** The commands that this person may use. */
export async function forWhom(vault: Vault, userId: string): Promise<Command[]> {
  return await offeredTo(vault, userId, COMMANDS);
}
