/** Files that live elsewhere: Slack keeps a link to them. */
import { createFile } from '../files.ts';
import { postMessage } from '../messages.ts';
import type { World } from '../world.ts';
import type { LinkKind } from './facts.ts';

export interface NewLink {
  name: string;
  url: string;
  /** `gdrive` by default. */
  kind?: LinkKind;
  text?: string;
}

/** Slack names a size for a Google document (recorded: 121,616), though nothing of it can be fetched. */
const TYPES: Record<LinkKind, { mimetype: string; filetype: string; pretty_type: string; size: number }> = {
  gdrive: {
    mimetype: 'application/vnd.google-apps.document',
    filetype: 'gdoc',
    pretty_type: 'Google Docs',
    size: 121_616,
  },
  dropbox: { mimetype: 'application/pdf', filetype: 'pdf', pretty_type: 'PDF', size: 4_096 },
  onedrive: { mimetype: 'application/octet-stream', filetype: 'binary', pretty_type: 'Binary', size: 0 },
  remote: { mimetype: 'application/vnd.slack-remote', filetype: 'remote', pretty_type: 'Remote', size: 0 },
};

/** Shares a link to a file in a message. */
export function shareLink(
  world: World,
  user: string,
  channel: string,
  { name, url, kind = 'gdrive', text = '' }: NewLink,
): { ts: string; fileId: string } {
  const { size, ...type } = TYPES[kind];
  const file = createFile(world, { name, user, size, ...type, mode: 'external', link: { kind, url } });
  return { ts: postMessage(world, { channel, user, text, files: [file.id] }).ts, fileId: file.id };
}
