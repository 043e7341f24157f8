/** What happens to files: made, shared, unshared, renamed. */

import { botSeesFile } from './access.ts';
import { typeOfName } from './file-object.ts';
import { newId, seconds } from './ids.ts';
import type { KindFacts } from './kinds/facts.ts';
import type { FileRecord, Json, MessageRecord } from './types.ts';
import type { World } from './world.ts';

export interface NewFile extends KindFacts {
  id?: string;
  name: string | null;
  title?: string | null;
  user: string;
  /** Bytes. */
  size: number;
  /** hosted (default), snippet, email, space, external, or one of the kinds in `kinds/`. */
  mode?: string;
  mimetype?: string;
  filetype?: string;
  pretty_type?: string;
  external_url?: string;
  updated?: number;
}

/** Registers a file whose bytes are already at `state.filePath(id)`, and sends `file_created`. */
export function createFile(world: World, fresh: NewFile): FileRecord {
  const type = typeOf(fresh);
  const file: FileRecord = {
    ...fresh,
    id: fresh.id ?? newId('F'),
    created: seconds(),
    title: fresh.title ?? fresh.name,
    mimetype: fresh.mimetype ?? type.mimetype,
    filetype: fresh.filetype ?? type.filetype,
    pretty_type: fresh.pretty_type ?? type.pretty,
    mode: fresh.mode ?? 'hosted',
    shares: [],
    ...(world.readyMs > 0 ? { ready_at: Date.now() + world.readyMs } : {}),
  };
  world.state.files.set(file.id, file);
  world.emit(fileEvent(world, 'file_created', file, { user_id: file.user }), {});
  return file;
}

function typeOf({ name, mode }: NewFile): ReturnType<typeof typeOfName> {
  const type = typeOfName(name);
  if (mode === 'space') return { ...type, filetype: 'quip', pretty: 'Canvas' };
  return mode === 'email' ? { ...type, filetype: 'email', pretty: 'Email' } : type;
}

/** Notes that a message carries these files; returns the events to send after the message's own. */
export function shareFiles(world: World, message: MessageRecord, ids: string[]): Json[] {
  const events: Json[] = [];
  for (const id of ids) {
    const file = world.state.files.get(id);
    if (file === undefined) continue;
    const isPublic = world.state.channels.get(message.channel)?.kind === 'public';
    const wasPublic = file.shares.some((share) => world.state.channels.get(share.channel)?.kind === 'public');
    const { channel, ts, user, thread_ts } = message;
    file.shares.push({ channel, ts, user, ...(thread_ts === undefined ? {} : { thread_ts }) });
    world.state.files.set(id, file);
    if (isPublic && !wasPublic) events.push(fileEvent(world, 'file_public', file, { user_id: user }));
    events.push(fileEvent(world, 'file_shared', file, { user_id: user, channel_id: channel }));
  }
  return events;
}

/** Notes that a message no longer carries these files; returns the events to send. */
export function unshareFiles(world: World, message: MessageRecord, ids: string[]): Json[] {
  const events: Json[] = [];
  for (const id of ids) {
    const file = world.state.files.get(id);
    if (file === undefined || file.deleted) continue;
    file.shares = file.shares.filter((share) => share.channel !== message.channel || share.ts !== message.ts);
    world.state.files.set(id, file);
    const where = { user_id: message.user, channel_id: message.channel };
    events.push(fileEvent(world, 'file_unshared', file, where));
  }
  return events;
}

/**
 * Changes a file's name or title and sends `file_change`. The event says neither who changed what nor when
 * (docs.slack.dev/reference/events/file_change).
 */
export function renameFile(world: World, file: FileRecord, change: { name?: string; title?: string }): void {
  Object.assign(file, change);
  touchFile(world, file);
}

/** Notes that a file was changed just now and sends `file_change`. */
export function touchFile(world: World, file: FileRecord): void {
  file.updated = seconds();
  world.state.files.set(file.id, file);
  if (!botSeesFile(world, file)) return;
  world.emit({ type: 'file_change', file_id: file.id, file: { id: file.id } }, {});
}

/** An event that names a file by its id. */
export function fileEvent(world: World, type: string, file: FileRecord, extra: Json): Json {
  return { type, file_id: file.id, ...extra, file: { id: file.id }, event_ts: world.state.nextTs() };
}
