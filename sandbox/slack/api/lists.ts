import { botSeesFile } from '../access.ts';
import { ApiError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { ListFacts } from '../kinds/facts.ts';
import { placeOf } from '../kinds/shown.ts';
import type { FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import type { Family } from './call.ts';

/** How often `slackLists.download.get` is asked before the export is there; our reading, Slack publishes no number. */
const WAITS = 1;

/**
 * Exports of lists: all rows, in CSV or JSON. Arguments, errors, scope and tiers as in
 * docs.slack.dev/reference/methods/slackLists.download.start and `.get`; the `.get` page has `COMPLETED`, the form of
 * the job's id and that of the address: that of the default view's CSV, with `origin_team` behind it. The word before
 * `COMPLETED` and the address of a JSON export are our reading.
 */
export const lists: Family = {
  'slackLists.download.start': {
    tier: 2,
    scopes: ['lists:read'],
    run({ world, args }) {
      const { file, list } = listOf(world, args.need('list_id'));
      const format = args.str('format') ?? 'csv';
      if (format !== 'csv' && format !== 'json') throw new ApiError('invalid_arguments');
      const job_id = newId('Le');
      list.jobs[job_id] = { format, asked: 0 };
      world.state.files.set(file.id, file);
      return { job_id };
    },
  },
  'slackLists.download.get': {
    tier: 4,
    scopes: ['lists:read'],
    run({ world, args }) {
      const { file, list } = listOf(world, args.need('list_id'));
      const job_id = args.need('job_id');
      const job = list.jobs[job_id];
      if (job === undefined) throw new ApiError('job_not_found');
      job.asked += 1;
      world.state.files.set(file.id, file);
      if (job.asked <= WAITS) return { status: 'IN_PROGRESS' };
      const origin = `origin_team=${world.state.identity.teamId}`;
      const download_url = `${world.baseUrl}/files-pri/${placeOf(world, file)}/${job.format}/list?${origin}`;
      return { status: 'COMPLETED', download_url };
    },
  },
};

function listOf(world: World, id: string): { file: FileRecord; list: ListFacts } {
  const file = world.state.files.get(id);
  if (file?.list === undefined || file.deleted || !botSeesFile(world, file)) {
    throw new ApiError('list_not_found');
  }
  return { file, list: file.list };
}
