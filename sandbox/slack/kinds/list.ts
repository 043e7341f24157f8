/** Lists: rows and columns, with a CSV of the default view and an export of all. */
import { createFile, touchFile } from '../files.ts';
import { newId } from '../ids.ts';
import { postMessage } from '../messages.ts';
import type { FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import type { ListColumn } from './facts.ts';

export interface NewList {
  title: string;
  columns: string[];
  rows: string[][];
  /**
   * How many rows the default view shows; two thirds by default. One note in a public repository names 24 rows of 36
   * in the CSV, and all 36 from `slackLists.items.list`; Slack's text does not mention it.
   */
  view?: number;
}

/** Makes a list and shares it in a message. */
export function shareList(
  world: World,
  user: string,
  channel: string,
  list: NewList,
): { ts: string; fileId: string } {
  const { id } = makeList(world, user, list);
  return { ts: postMessage(world, { channel, user, text: '', files: [id] }).ts, fileId: id };
}

/** Makes a list that is not shared yet. */
export function makeList(world: World, user: string, list: NewList): FileRecord {
  return createFile(world, {
    name: 'list',
    title: list.title,
    user,
    // A list has no size of its own, and is called `list` (gabrielmicro1/cdp-harness, make_slack_export_mini.py).
    size: 0,
    mode: 'list',
    mimetype: 'application/vnd.slack-list',
    filetype: 'list',
    pretty_type: 'List',
    list: {
      columns: columnsOf(list.columns),
      rows: list.rows,
      view: list.view ?? Math.ceil((list.rows.length * 2) / 3),
      jobs: {},
    },
  });
}

/** Changes the rows (and the columns) of a list and says `file_change`. */
export function writeList(
  world: World,
  file: FileRecord,
  change: { rows: string[][]; columns?: string[] },
): void {
  const { list } = file;
  if (list === undefined) throw new Error(`${file.id} is no list`);
  list.rows = change.rows;
  if (change.columns !== undefined) list.columns = columnsOf(change.columns);
  list.view = Math.ceil((change.rows.length * 2) / 3);
  touchFile(world, file);
}

function columnsOf(names: string[]): ListColumn[] {
  return names.map((name) => ({
    id: newId('Col'),
    name,
    key: name.toLowerCase().replace(/[^a-z0-9]+/g, '_'),
    type: 'text',
  }));
}
