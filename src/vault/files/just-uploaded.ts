import { setTimeout as sleep } from 'node:timers/promises';
import type { FileInfo } from '../../capture/capture.ts';
import { notKnownYet, notYourFile } from '../../refusals/files.ts';
import { fileInfo } from '../../slack/file-info.ts';
import type { Vault } from '../context.ts';

/** The times to wait before asking again (ms). A person looks at a window that says to wait. */
const AGAIN_MS: readonly number[] = [400, 800, 1_600, 3_200];

/**
 * What Slack says of a file that somebody put into it a moment ago. People press *Upload* as soon as they can, and for some
 * seconds Slack may not know the file itself: then it is asked again. Throws `UserError` if that does not help.
 */
export async function justUploaded(
  { slack, identity }: Pick<Vault, 'slack' | 'identity'>,
  fileId: string,
  again = AGAIN_MS,
): Promise<FileInfo> {
  for (const wait of [...again, null]) {
    const info = await fileInfo(slack, { teamId: identity.teamId, fileId });
    if ('file' in info) return info;
    if (info.passing !== true) throw notYourFile();
    if (wait !== null) await sleep(wait);
  }
  throw notKnownYet();
}
