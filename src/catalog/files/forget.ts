import { sql } from 'kysely';
import { likePattern } from '../db/dialect.ts';
import type { FileRecord, Scope } from '../db/schema.ts';
import { foldFile } from '../derived/fold.ts';
import { tellEverything } from '../journal/journal.ts';
import type { FileRef } from '../model.ts';
import { wordPieces } from '../search/index-terms.ts';
import { filesMaybeWith } from '../search/word-index.ts';

/** What happens to a file's name when the file is removed for good. */
export const FORGET = { no: 0, ordered: 1, done: 2 } as const;

/** What else an audit entry may hold: it neither names the file nor quotes it. */
const KEPT = [
  ...['bytes', 'sha256', 'proof', 'purgeAt', 'minutes', 'why', 'reason', 'code', 'version', 'forget'],
  ...['result', 'signature', 'found'],
];

/** What a person typed may quote a name: a reason is kept where it is one of our own words. */
const isKept = (action: string, part: string) =>
  KEPT.includes(part) && !(action === 'released' && part === 'reason');

/**
 * Forgets a file's name, in the transaction that ends its removal: also in its messages, in the audit log, and in the
 * journal, which is told again so that the older segments go. That the file was there, its size and who did what
 * stay. Returns what changes in its record.
 */
export async function forgetName(scope: Scope, file: FileRecord, now: number): Promise<Partial<FileRecord>> {
  const { teamId, fileId } = file;
  await forgetInMessages(scope, file, now);
  await forgetInAudit(scope, file);
  await sql`update file_version set object_key = '' where team_id = ${teamId} and file_id = ${fileId}`.execute(
    scope.db,
  );
  await forgetWords(scope, file);
  await tellEverything(scope, { again: true });
  const nameless = { name: null, title: null };
  const unknown = { url: null, externalUrl: null, permalink: null };
  return {
    ...nameless,
    ...unknown,
    folded: foldFile(nameless),
    facts: '{}',
    objectKey: null,
    errorText: null,
    forget: FORGET.done,
  };
}

/** Our messages that name it are edited, as far as Slack still allows it. */
async function forgetInMessages({ db }: Scope, { teamId, fileId }: FileRef, now: number): Promise<void> {
  const posts = await db
    .selectFrom('notice')
    .innerJoin('post', 'post.id', 'notice.postId')
    .select('post.id')
    .distinct()
    .where('post.teamId', '=', teamId)
    .where('notice.fileId', '=', fileId)
    .where('notice.kind', 'in', ['stored', 'not_kept', 'trashed', 'restored', 'expired', 'infected'])
    .orderBy('post.id')
    .execute();
  const ids = posts.map(({ id }) => id);
  if (ids.length === 0) return;
  await db
    .updateTable('notice')
    .set({ name: null })
    .where('postId', 'in', ids)
    .where('fileId', '=', fileId)
    .execute();
  await db
    .updateTable('post')
    .set({ version: sql`version + 1`, dueAt: sql`coalesce(due_at, ${now})` })
    .where('id', 'in', ids)
    .where('manner', '=', 'message')
    .where('droppedCode', 'is', null)
    .execute();
}

async function forgetInAudit({ db }: Scope, { teamId, fileId }: FileRef): Promise<void> {
  const entries = await db
    .selectFrom('audit')
    .select(['id', 'action', 'detail'])
    .where('teamId', '=', teamId)
    .where('fileId', '=', fileId)
    .execute();
  for (const { id, action, detail } of entries) {
    const all = Object.entries(JSON.parse(detail) as Record<string, unknown>);
    const kept = JSON.stringify(Object.fromEntries(all.filter(([part]) => isKept(action, part))));
    if (kept !== detail) await db.updateTable('audit').set({ detail: kept }).where('id', '=', id).execute();
  }
}

/** Words for correcting typing mistakes: words that no other name has are removed. */
async function forgetWords({ db, kind }: Scope, { id, folded }: FileRecord): Promise<void> {
  for (const word of new Set(wordPieces(folded))) {
    const others = filesMaybeWith(kind, [[word]])?.table;
    if (others === undefined) continue;
    const { rows } = await sql`select 1 from ${others} o join file f on f.id = o.id
      where f.id <> ${id} and f.folded like ${likePattern(word)} escape '\\' limit 1`.execute(db);
    if (rows.length > 0) continue;
    const { rows: gone } = await sql<{ id: number }>`
      delete from find_word where word = ${word} returning id`.execute(db);
    if (kind === 'postgres') continue;
    for (const one of gone)
      await sql`insert into find_spelling (find_spelling, rowid, word) values ('delete', ${one.id}, ${word})`.execute(
        db,
      );
  }
}
