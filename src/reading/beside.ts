import type { Output } from './output.ts';
import { relationsOf } from './relations.ts';
import { readOfficeText } from './word.ts';
import type { Parts } from './zip.ts';

/** What belongs to a slide or a sheet and has text: the speaker's notes, SmartArt, charts, comments and answers, drawings. */
const BESIDE = new Set(['notesSlide', 'diagramData', 'chart', 'comments', 'threadedComment', 'drawing']);

/** Reads the text of what a slide or a sheet refers to. */
export async function readBeside(parts: Parts, name: string, out: Output): Promise<void> {
  for (const { kind, part } of (await relationsOf(parts, name)).values()) {
    if (!BESIDE.has(kind)) continue;
    out.write('\n');
    await readOfficeText(parts.open(part), out);
    // A sheet refers to its charts through a drawing. Nothing refers to a drawing through another.
    if (kind === 'drawing') await readDrawn(parts, part, out);
  }
}

async function readDrawn(parts: Parts, drawing: string, out: Output): Promise<void> {
  for (const { kind, part } of (await relationsOf(parts, drawing)).values()) {
    if (kind !== 'chart' && kind !== 'diagramData') continue;
    out.write('\n');
    await readOfficeText(parts.open(part), out);
  }
}
