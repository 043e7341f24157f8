import { randomBytes } from 'node:crypto';
import { botIsIn, channelForBot } from '../access.ts';
import { ApiError } from '../errors.ts';
import { fileObject } from '../file-object.ts';
import { createFile } from '../files.ts';
import { newId } from '../ids.ts';
import { postMessage } from '../messages.ts';
import type { Json } from '../types.ts';
import type { Call, Family } from './call.ts';

/** The most that Slack takes for one file. */
const MOST_BYTES = 1024 ** 3;

/** The two calls around an app's own upload. */
export const uploads: Family = {
  'files.getUploadURLExternal': {
    tier: 4,
    scopes: ['files:write'],
    run({ world, args }) {
      const name = args.need('filename');
      const length = args.int('length', 0);
      if (length < 1) throw new ApiError('invalid_arguments');
      if (length > MOST_BYTES) throw new ApiError('file_upload_size_restricted');
      const ticket = randomBytes(24).toString('hex');
      const fileId = newId('F');
      world.uploads.set(ticket, { fileId, name, length, received: false });
      return { upload_url: `${world.baseUrl}/upload/v1/${ticket}`, file_id: fileId };
    },
  },
  'files.completeUploadExternal': { tier: 4, scopes: ['files:write'], run: complete },
};

function complete({ world, args }: Call): Json {
  const given = args.json('files');
  if (!Array.isArray(given) || given.length === 0) throw new ApiError('invalid_arguments');
  const user = world.state.identity.botUserId;
  const waiting = [...world.uploads.entries()];
  const found = given.map((one: Json) => {
    const entry = waiting.find(([, upload]) => upload.fileId === one.id);
    if (entry === undefined || !entry[1].received) throw new ApiError('file_not_found');
    return { ticket: entry[0], upload: entry[1], title: one.title as string | undefined };
  });
  const channels = [...new Set([args.str('channel_id'), ...(args.str('channels')?.split(',') ?? [])])]
    .filter((id) => id !== undefined)
    .map((id) => {
      const channel = channelForBot(world, id);
      if (!botIsIn(world, channel)) throw new ApiError('not_in_channel');
      if (channel.is_archived) throw new ApiError('is_archived');
      return channel;
    });
  const files = found.map(({ ticket, upload, title }) => {
    world.uploads.delete(ticket);
    const { fileId, name, length } = upload;
    return createFile(world, { id: fileId, name, title: title ?? name, user, size: length });
  });
  const thread_ts = args.str('thread_ts');
  for (const channel of channels) {
    postMessage(world, {
      channel: channel.id,
      user,
      text: args.str('initial_comment') ?? '',
      files: files.map((file) => file.id),
      ...(thread_ts === undefined ? {} : { thread_ts }),
    });
  }
  return { files: files.map((file) => fileObject(world, file)) };
}
