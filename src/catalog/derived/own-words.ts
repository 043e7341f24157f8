import { sql } from 'kysely';
import { numberTable } from '../db/dialect.ts';
import type { FileRecord, Scope } from '../db/schema.ts';
import type { FileFacts } from '../model.ts';
import { indexSaid } from './said-index.ts';

/** What Slack tells of a file itself that people may search: spoken words, what a picture shows, an e-mail. */
export function ownWords(facts: FileFacts): string[] {
  const { altText, mailFrom, mailText, transcript } = facts;
  return [altText, mailFrom, mailText, transcript].filter((text) => text !== undefined);
}

/** The names of those facts in their JSON: most files have none, and none of them is read for it. */
const HAS_WORDS = /"(?:altText|mailFrom|mailText|transcript)":/;

/**
 * Brings the index of what was said in line with what Slack tells of a file itself, for the people of the channels where it is
 * open: `were` and `are`. Files without such words cost nothing.
 */
export async function indexOwnWords(
  scope: Scope,
  before: FileRecord | undefined,
  after: FileRecord,
  { were, are }: { were: readonly string[]; are: readonly string[] },
): Promise<void> {
  const had = before !== undefined && HAS_WORDS.test(before.facts);
  const has = HAS_WORDS.test(after.facts) && after.state !== 'purged';
  if (!had && !has) return;
  const isSame =
    before?.facts === after.facts &&
    before.folded === after.folded &&
    had === has &&
    String([...were].sort()) === String([...are].sort());
  if (isSame) return;
  const texts = has ? ownWords(JSON.parse(after.facts) as FileFacts) : [];
  await indexSaid(scope, { id: -after.id, channels: are, texts, called: after, isNew: !had });
}

/** Puts what Slack tells of these files themselves into the index anew, for the people of the channels where they are. */
export async function indexOwnWordsOf(scope: Scope, ids: readonly number[]): Promise<void> {
  const { rows } = await sql<Pick<FileRecord, 'id' | 'facts' | 'name' | 'title'> & { channelId: string }>`
    select f.id, f.facts, f.name, f.title, c.channel_id from ${numberTable(scope.kind, ids)} ids cross join file f
    join channel_file c on c.team_id = f.team_id and c.file_id = f.file_id
    where f.id = ids.id and f.state <> 'purged'
    order by f.id ${scope.kind === 'postgres' ? sql`for update of f` : sql``}`.execute(scope.db);
  for (const [id, places] of Map.groupBy(rows, (row) => row.id)) {
    const { facts = '{}', name = null, title = null } = places[0] ?? {};
    const texts = ownWords(JSON.parse(facts));
    if (texts.length > 0)
      await indexSaid(scope, {
        id: -id,
        channels: places.map((row) => row.channelId),
        texts,
        called: { name, title },
      });
  }
}

/** The same facts (JSON, as in a record) without such words. */
export function withoutWords(facts: string): string {
  return HAS_WORDS.test(facts) ? JSON.stringify(factsWithoutWords(JSON.parse(facts))) : facts;
}

/** The same of facts that were read. */
export function factsWithoutWords(facts: FileFacts): FileFacts {
  const { altText, mailFrom, mailText, transcript, ...others } = facts;
  return others;
}
