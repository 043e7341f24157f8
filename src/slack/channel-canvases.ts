import type { Sighting } from '../catalog/model.ts';
import { idOf, objectsOf } from './shapes.ts';
import { unknownFile } from './unknown-file.ts';

interface Tab {
  data?: { file_id?: unknown } | null;
}

/**
 * The canvas of a channel and the files on its tabs. They are in no message: only `conversations.info` names them, by
 * their ids. Slack does not say when they were shared; `now` (ms) is used instead.
 * Source: docs.slack.dev/reference/methods/conversations.create (`properties.canvas`) and the answers that Slack's own
 * SDK recorded (`properties.tabs`, `properties.tabz`, each with `data.file_id`).
 */
export function canvasesOf(teamId: string, channelId: string, channel: unknown, now: number): Sighting[] {
  const { properties } = (channel ?? {}) as { properties?: Record<string, unknown> | null };
  const canvas = properties?.canvas as { file_id?: unknown } | null | undefined;
  const tabs = [...objectsOf<Tab>(properties?.tabs), ...objectsOf<Tab>(properties?.tabz)];
  const ids = [canvas?.file_id, ...tabs.map(({ data }) => data?.file_id)].map(idOf);
  const share = { channelId, channelKind: null, ts: null, threadTs: null, userId: null, sharedAt: now };
  return [...new Set(ids)]
    .filter((fileId) => fileId !== null && /^F/.test(fileId))
    .map((fileId) => ({
      file: unknownFile(teamId, fileId as string),
      share: { ...share, silent: true },
    }));
}
