import type { SharedFile, SkipReason } from '../catalog/model.ts';
import { idOf, textOf } from './shapes.ts';

/** Slack's file object as it really comes: every field may be missing. Source: docs.slack.dev/reference/objects/file-object. */
export interface SlackFile {
  id?: string;
  created?: number;
  /** When it was last edited: canvases, posts, snippets and lists have it. */
  updated?: number;
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
  const fileId = idOf(file.id);
  if (fileId === null) return undefined;
  const mode = textOf(file.mode);
  const external = file.is_external === true || mode === 'external' || mode === 'gdoc';
  const url = external ? null : (textOf(file.url_private_download) ?? textOf(file.url_private));
  const size = isSize(file.size) && !RENDERED_MODES.has(mode ?? '') ? file.size : null;
  const skip = skipReason(mode, external, textOf(file.file_access));
  return {
    file: {
      teamId,
      fileId,
      name: textOf(file.name),
      title: textOf(file.title),
      mimetype: textOf(file.mimetype),
      filetype: textOf(file.filetype),
      mode,
      size,
      uploaderId: textOf(file.user),
      createdAt: isSize(file.created) && file.created > 0 ? file.created * 1_000 : null,
      url,
      externalUrl: external ? (textOf(file.external_url) ?? textOf(file.url_private)) : null,
      permalink: textOf(file.permalink),
      updatedAt: isSize(file.updated) && file.updated > 0 ? file.updated * 1_000 : null,
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

/** A count that a database can hold, also times a thousand. */
function isSize(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value * 1_000) && value >= 0;
}
