import { idOf } from '../slack/shapes.ts';
import type { Archive, ArchiveEntry } from './archive.ts';
import { below, type EntryIndex } from './entry-index.ts';
import { objectsIn } from './json-list.ts';

/** Guests of other organisations may come first, so a few are asked. */
const ASKED = 200;

/**
 * The workspace that an export is from. An export does not name it, but most of its people are of it, and its messages name
 * it, too. Null if nothing says it.
 */
export async function teamOf(
  archive: Archive,
  index: EntryIndex,
  root: string,
  messages: readonly ArchiveEntry[],
): Promise<string | null> {
  const people = ['users.json', 'org_users.json'].flatMap((name) => index.at(below(root, name)) ?? []);
  const named = await mostNamed(archive, people, 'team_id');
  return named ?? (await mostNamed(archive, messages, 'team'));
}

async function mostNamed(
  archive: Archive,
  lists: readonly ArchiveEntry[],
  field: 'team_id' | 'team',
): Promise<string | null> {
  const votes = new Map<string, number>();
  let asked = 0;
  for (const entry of lists) {
    try {
      for await (const told of objectsIn(archive, entry)) {
        const id = idOf(told[field]);
        if (id !== null) votes.set(id, (votes.get(id) ?? 0) + 1);
        if (id !== null && ++asked >= ASKED) break;
      }
    } catch {
      // A damaged list says less. It is told when its files are read; that of people is not needed for them.
    }
    if (asked >= ASKED) break;
  }
  return [...votes].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}
