import type { Share } from '../catalog/model.ts';

/**
 * The page of the message in which a file was shared, or null if no message is known. It is made from the workspace's
 * address, because `chat.getPermalink` would cost a call each time. `workspaceUrl` ends with a slash.
 */
export function messagePermalink(
  workspaceUrl: string,
  { channelId, ts, threadTs }: Pick<Share, 'channelId' | 'ts' | 'threadTs'>,
): string | null {
  if (ts === null || !/^\d+\.\d{6}$/.test(ts) || !/^[CGD][A-Z0-9]+$/.test(channelId)) return null;
  const url = new URL(`archives/${channelId}/p${ts.replace('.', '')}`, workspaceUrl);
  if (threadTs !== null && threadTs !== ts) {
    url.searchParams.set('thread_ts', threadTs);
    url.searchParams.set('cid', channelId);
  }
  return url.href;
}
