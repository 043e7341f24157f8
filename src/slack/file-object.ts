import type { SharedFile, SkipReason } from '../catalog/model.ts';

/** Slack's file object as it really comes: every field may be missing. Source: docs.slack.dev/reference/objects/file-object. */
export interface SlackFile {
  id?: string;
  created?: number;
  name?: string | null;
  title?: string | null;
  mimetype?: string | null;
  filetype?: string | null;
  user?: string | null;
  mode?: string | null;
  size?: number | null;
  is_external?: boolean;
  external_url?: string | null;
  url_private?: string | null;
  url_private_download?: string | null;
  permalink?: string | null;
  file_access?: string | null;
  shares?: Record<'public' | 'private', Record<string, SlackFileShare[]> | undefined>;
}

export interface SlackFileShare {
  ts?: string;
  thread_ts?: string;
  share_user_id?: string;
}

/** Kinds of file whose bytes Slack makes when asked, so that their size in the file object means nothing. */
const RENDERED_MODES = new Set(['space', 'quip', 'canvas', 'docs', 'post', 'email']);

/**
 * Translates Slack's file object. Returns undefined for something without an id. A `skip` says why the bytes are
 * not to be fetched; a file that is not `complete` needs `files.info` first (Slack Connect stubs, or a file that
 * Slack has not finished processing).
 */
export function readFileObject(
  teamId: string,
  file: SlackFile,
): { file: SharedFile; skip?: SkipReason } | undefined {
  if (typeof file.id !== 'string' || file.id === '') return undefined;
  const mode = text(file.mode);
  const external = file.is_external === true || mode === 'external' || mode === 'gdoc';
  const url = external ? null : (text(file.url_private_download) ?? text(file.url_private));
  const size = typeof file.size === 'number' && !RENDERED_MODES.has(mode ?? '') ? file.size : null;
  const skip = skipReason(mode, external, text(file.file_access));
  return {
    file: {
      teamId,
      fileId: file.id,
      name: text(file.name),
      title: text(file.title),
      mimetype: text(file.mimetype),
      filetype: text(file.filetype),
      mode,
      size,
      uploaderId: text(file.user),
      createdAt: typeof file.created === 'number' && file.created > 0 ? file.created * 1_000 : null,
      url,
      externalUrl: external ? (text(file.external_url) ?? text(file.url_private)) : null,
      permalink: text(file.permalink),
      complete:
        url !== null &&
        (size !== null || RENDERED_MODES.has(mode ?? '')) &&
        file.file_access !== 'check_file_info',
    },
    ...(skip === undefined ? {} : { skip }),
  };
}

function skipReason(mode: string | null, external: boolean, access: string | null): SkipReason | undefined {
  if (mode === 'tombstone') return 'tombstone';
  if (mode === 'hidden_by_limit') return 'hidden_by_limit';
  if (external) return 'external';
  if (mode === 'list') return 'no_content';
  if (access === 'access_denied') return 'access_denied';
  return undefined;
}

function text(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
