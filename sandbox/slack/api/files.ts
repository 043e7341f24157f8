import { botSeesFile } from '../access.ts';
import { ApiError } from '../errors.ts';
import { fileObject, isNotYet } from '../file-object.ts';
import { deleteFile } from '../file-removal.ts';
import { teamAsked, teamsOfChannel } from '../organisation.ts';
import type { FileRecord, Json } from '../types.ts';
import type { World } from '../world.ts';
import type { Call, Family } from './call.ts';

/** Looking at files and deleting them. */
export const files: Family = {
  'files.info': {
    tier: 4,
    scopes: ['files:read'],
    run({ world, args }) {
      const file = visibleFile(world, args.need('file'));
      return { file: fileObject(world, file), comments: [], response_metadata: { next_cursor: '' } };
    },
  },
  'files.list': { tier: 3, scopes: ['files:read'], run: list },
  'files.delete': {
    tier: 3,
    scopes: ['files:write'],
    async run({ world, args }) {
      const file = visibleFile(world, args.need('file'));
      // A bot may only delete what it uploaded itself, whatever its scopes.
      if (file.user !== world.state.identity.botUserId) throw new ApiError('cant_delete_file');
      await deleteFile(world, file);
      return {};
    },
  },
};

function visibleFile(world: World, id: string): FileRecord {
  const file = world.state.files.get(id);
  if (file === undefined || (!file.deleted && !botSeesFile(world, file)))
    throw new ApiError('file_not_found');
  if (file.deleted) throw new ApiError('file_deleted');
  if ((file.ready_at ?? 0) > Date.now() || world.faults.takeNotYet(id)) throw new ApiError('file_not_found');
  return file;
}

/** docs.slack.dev/reference/methods/files.list names these "but not limited to": canvases and lists are our reading. */
const KINDS: Record<string, (file: FileRecord) => boolean> = {
  all: () => true,
  spaces: (file) => ['space', 'quip', 'docs', 'post'].includes(file.mode),
  canvas: (file) => file.mode === 'quip',
  canvases: (file) => file.mode === 'quip',
  lists: (file) => file.mode === 'list',
  snippets: (file) => file.mode === 'snippet',
  images: (file) => file.mimetype.startsWith('image/'),
  gdocs: (file) => file.mode === 'external',
  zips: (file) => file.filetype === 'zip',
  pdfs: (file) => file.filetype === 'pdf',
};

function list({ world, args }: Call): Json {
  const count = args.int('count', 100);
  const page = Math.max(1, args.int('page', 1));
  if (count < 1 || count > 1000) throw new ApiError('invalid_arguments');
  const kinds = (args.str('types') ?? 'all').split(',').map((type) => {
    const kind = Object.hasOwn(KINDS, type) ? KINDS[type] : undefined;
    if (kind === undefined) throw new ApiError('unknown_type');
    return kind;
  });
  const team = teamAsked({ world, args });
  const isIn = (place: string) => {
    const shown = world.state.channels.get(place);
    return shown !== undefined && teamsOfChannel(world, shown).includes(String(team));
  };
  const channel = args.str('channel');
  const user = args.str('user');
  const from = Number(args.str('ts_from') ?? 0);
  const to = Number(args.str('ts_to') ?? Number.POSITIVE_INFINITY);
  const found = [...world.state.files.values()]
    .filter((file) => !file.deleted && !isNotYet(world, file) && botSeesFile(world, file))
    .filter(
      (file) =>
        world.faults.fileForm(file.id) !== 'hidden_by_limit' || args.bool('show_files_hidden_by_limit'),
    )
    .filter((file) => team === undefined || file.shares.some((share) => isIn(share.channel)))
    .filter((file) => channel === undefined || file.shares.some((share) => share.channel === channel))
    .filter((file) => user === undefined || file.user === user)
    .filter((file) => file.created >= from && file.created <= to)
    .filter((file) => kinds.some((kind) => kind(file)))
    .reverse();
  const paging = { count, total: found.length, page, pages: Math.max(1, Math.ceil(found.length / count)) };
  const shown = found.slice((page - 1) * count, page * count);
  return { files: shown.map((file) => fileObject(world, file)), paging };
}
