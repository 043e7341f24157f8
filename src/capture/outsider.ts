import type { FileRow } from '../catalog/model.ts';
import type { Limits } from './receive.ts';

export interface AskOutside {
  /**
   * Whether this person is of another organisation; `told`: whether Slack named another workspace than ours, for when it does
   * not know the person. Without this function, nobody is.
   */
  isOutside?(userId: string, told: boolean): Promise<boolean>;
  /** Whether this is one of the organisation's workspaces with the app; missing for the token of one workspace. */
  isOurWorkspace?(workspace: string): Promise<boolean>;
}

/** Whether a file is of another organisation's person. Asks only where it may be so, or where the answer decides. */
export async function isOfOutsider(
  { isOutside: ask, isOurWorkspace }: AskOutside,
  { uploaderId, facts }: Pick<FileRow, 'uploaderId' | 'facts'>,
  { external }: Pick<Limits, 'external'>,
): Promise<boolean> {
  if (ask === undefined || uploaderId === null) return false;
  const { userTeam } = facts;
  const told = userTeam !== undefined && (await isOurWorkspace?.(userTeam)) !== true;
  if (!told && external === 'keep') return false;
  return ask(uploaderId, told);
}
