/** Changing what a file holds: canvases, lists, posts and snippets can be edited in Slack. */
import { writeFileSync } from 'node:fs';
import { PageError } from '../errors.ts';
import { renameFile, touchFile } from '../files.ts';
import { escaped } from '../typed.ts';
import type { FileRecord } from '../types.ts';
import type { World } from '../world.ts';
import { writeCanvas } from './canvas.ts';
import { writeList } from './list.ts';
import { textOf } from './serve.ts';

export interface FileEdit {
  /** HTML for a canvas, text for a snippet. */
  content?: string | Uint8Array;
  title?: string;
  name?: string;
  /** For lists. */
  rows?: string[][];
  columns?: string[];
}

/**
 * Makes the change. `file_change` "is sent when any property of a file is changed" (docs.slack.dev/reference/events/
 * file_change); that each part of a change has its own event is our reading. Throws `PageError` 400.
 */
export function editFile(world: World, file: FileRecord, edit: FileEdit): void {
  const { content, title, name, rows, columns } = edit;
  if (content !== undefined) writeContent(world, file, content);
  if (rows !== undefined) {
    if (file.list === undefined) throw new PageError(400, 'not_a_list');
    writeList(world, file, { rows, ...(columns === undefined ? {} : { columns }) });
  }
  if (title === undefined && name === undefined) return;
  renameFile(world, file, {
    ...(title === undefined ? {} : { title: file.canvas ? escaped(title) : title }),
    ...(name === undefined ? {} : { name }),
  });
}

/** What a person sees when they begin to edit: HTML, text or rows. Throws `PageError` 400. */
export function editable(
  world: World,
  file: FileRecord,
): { content?: string; columns?: string[]; rows?: string[][] } {
  if (file.list !== undefined) {
    return { columns: file.list.columns.map((column) => column.name), rows: file.list.rows };
  }
  if (file.canvas === undefined && !TEXTS.has(file.mode)) throw new PageError(400, 'not_editable');
  const wrapper = /^<div class="quip-canvas-content">(.*)<\/div>$/s;
  return { content: textOf(world, file).replace(wrapper, '$1') };
}

const TEXTS = new Set(['snippet', 'space', 'email']);

function writeContent(world: World, file: FileRecord, content: string | Uint8Array): void {
  const bytes = Buffer.from(content);
  if (file.canvas !== undefined) {
    writeCanvas(world, file, bytes.toString());
    return;
  }
  if (!TEXTS.has(file.mode)) throw new PageError(400, 'not_editable');
  writeFileSync(world.state.filePath(file.id), bytes);
  file.size = bytes.length;
  touchFile(world, file);
}
