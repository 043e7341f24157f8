import type { Output } from './output.ts';
import type { Pieces } from './pieces.ts';
import { type Relation, relationsOf } from './relations.ts';
import { readOfficeText } from './word.ts';
import type { Parts } from './zip.ts';

/** What belongs to a slide or a sheet and has text: the speaker's notes, SmartArt, charts, comments and answers, drawings. */
const BESIDE = new Set(['notesSlide', 'diagramData', 'chart', 'comments', 'threadedComment', 'drawing']);

/** Reads the text of what a slide or a sheet refers to. */
export async function readBeside(parts: Parts, name: string, out: Output, pieces: Pieces): Promise<void> {
  await readReferred(name, async ({ kind, part }) => {
    if (!BESIDE.has(kind)) return;
    await readPart(part);
    // A sheet refers to its charts through a drawing. No drawing refers to another.
    if (kind === 'drawing')
      await readReferred(part, async (drawn) => {
        if (drawn.kind === 'chart' || drawn.kind === 'diagramData') await readPart(drawn.part);
      });
  });

  async function readReferred(of: string, read: (relation: Relation) => Promise<void>): Promise<void> {
    await pieces.read(async () => {
      for (const relation of (await relationsOf(parts, of)).values()) await read(relation);
    });
  }

  async function readPart(part: string): Promise<void> {
    out.write('\n');
    await pieces.read(() => readOfficeText(parts.open(part), out));
  }
}
