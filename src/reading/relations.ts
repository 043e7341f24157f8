import { posix } from 'node:path';
import { walkXml } from './xml.ts';
import type { Parts } from './zip.ts';

export interface Relation {
  /** The last word of its type: "slide", "notesSlide". */
  kind: string;
  /** The part's name. */
  part: string;
}

/** What a part of an Office document refers to, by id (ECMA-376, part 2, chapter 9.3). Nothing outside the document. */
export async function relationsOf(parts: Parts, name: string): Promise<Map<string, Relation>> {
  const relations = new Map<string, Relation>();
  const file = posix.join(posix.dirname(name), '_rels', `${posix.basename(name)}.rels`);
  await walkXml(parts.open(file), {
    open(tag, { Id, Type, Target, TargetMode }) {
      if (tag !== 'Relationship' || !Id || !Type || !Target || TargetMode === 'External') return;
      const part = posix.join(Target.startsWith('/') ? '/' : `/${posix.dirname(name)}`, Target).slice(1);
      relations.set(Id, { kind: Type.slice(Type.lastIndexOf('/') + 1), part });
    },
  });
  return relations;
}
