/** Which bytes a URL of the file host gives. */
import { readFileSync } from 'node:fs';
import type { FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import { csvOf } from './csv.ts';
import { placeOf } from './shown.ts';

/** Something that can be sent: a file on disk, or a short text made on the spot. */
export interface Served {
  path?: string;
  text?: string;
  type: string;
  name: string | null;
  /** The name by which tests break this download. */
  key: string;
}

/** The answer to a request. */
export type Found = Served | 'sign_in' | 'web_page' | 'refused' | undefined;

/** A URL's path, taken apart: `/<kind>/<team>-<file>[-<hash>…]/<rest>`. */
export interface FilePlace {
  kind: string;
  file: FileRecord;
  hash: string;
  rest: string[];
  /** The address of an export of a list: all its rows. */
  exported: boolean;
}

/** Takes the path of a request apart. `undefined`: no file of this workspace. */
export function placeIn(world: World, path: string): FilePlace | undefined {
  const [, kind = '', place = '', ...rest] = path.replace(/[?#].*$/, '').split('/');
  const [team, id = '', ...hash] = place.split('-');
  const file = team === world.state.identity.teamId ? world.state.files.get(id) : undefined;
  const exported = /[?&]origin_team=/.test(path);
  return file === undefined ? undefined : { kind, file, hash: hash.join('-'), rest, exported };
}

/** The bytes at a place. */
export function bytesAt(world: World, { kind, file, hash, rest, exported }: FilePlace): Found {
  if (kind === 'files-tmb') return hash === file.clip?.hash ? transcode(world, file) : undefined;
  if (kind === 'files-email-priv') return attachment(world, file, hash);
  if (hash !== '') return undefined;
  if (file.mode === 'huddle_transcript') return 'refused';
  if (file.list !== undefined) return listBytes(world, file, rest, exported);
  if (file.mail !== undefined && file.mail.body !== 'mail') return file.mail.body;
  if (file.clip?.recorded || file.link !== undefined) return undefined;
  return whole(world, file);
}

/** The file's own bytes. A canvas and a post are sent as HTML, whatever their `mimetype` says. */
export function whole(world: World, file: FileRecord): Served {
  if (file.clip?.recorded) return transcode(world, file);
  if (file.list !== undefined) return csv(file, file.list.rows.length);
  const html = file.mode === 'space' || file.canvas !== undefined;
  return {
    path: world.state.filePath(file.id),
    type: html ? 'text/html; charset=utf-8' : file.mimetype || 'application/octet-stream',
    name: file.name,
    key: file.id,
  };
}

/** The last part of the path on disk, for further bytes of a file beside its own. */
export function partPath(world: World, file: { id: string }, part: string): string {
  return world.state.filePath(`${file.id}.${part}`);
}

/** A voice clip comes as `video/mp4` or `audio/mp4`, for any recording (NousResearch/hermes-agent#51176). */
function transcode(world: World, file: FileRecord): Served {
  const type = file.clip?.kind === 'audio' ? 'audio/mp4' : 'video/mp4';
  return { path: partPath(world, file, 'tmb'), type, name: file.clip?.name ?? file.name, key: file.id };
}

/** What was attached to an e-mail, by the hash in its URL. */
export function attachment(world: World, file: FileRecord, hash: string): Served | undefined {
  const found = file.mail?.attachments.find((one) => one.hash === hash);
  if (found === undefined) return undefined;
  const { filename: name, mimetype: type } = found;
  return { path: partPath(world, file, hash), type, name, key: `${file.id}/${name}` };
}

/**
 * A list has the CSV of its default view, and an export, whose address is the CSV's with `origin_team` after
 * it (docs.slack.dev/reference/methods/slackLists.download.get). What a JSON export looks like is our reading; no
 * recording found. The plain URL answers JSON that names the CSV: public scripts read `list_csv_download_url` out of
 * the answer of `…/download/list`; none of these projects says more.
 */
function listBytes(world: World, file: FileRecord, rest: string[], exported: boolean): Found {
  const { list } = file;
  if (list === undefined) return undefined;
  if (rest[0] === 'csv') return csv(file, exported ? list.rows.length : list.view);
  if (rest[0] === 'json' && exported)
    return json(file, { list_id: file.id, columns: list.columns, items: list.rows });
  const url = `${world.baseUrl}/files-pri/${placeOf(world, file)}/csv/list`;
  return json(file, { id: file.id, title: file.title, list_csv_download_url: url });
}

function csv(file: FileRecord, rows: number): Served {
  const { columns = [], rows: all = [] } = file.list ?? {};
  const text = csvOf([columns.map((column) => column.name), ...all.slice(0, rows)]);
  return { text, type: 'text/csv; charset=utf-8', name: 'list.csv', key: file.id };
}

function json(file: FileRecord, body: unknown): Served {
  return { text: JSON.stringify(body), type: 'application/json', name: 'list.json', key: file.id };
}

/** The text of a canvas, post or snippet as it is on disk. */
export function textOf(world: World, file: FileRecord): string {
  return readFileSync(world.state.filePath(file.id), 'utf8');
}
