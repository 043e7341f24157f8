import { fileById } from '../../catalog/files/lookup.ts';
import type { FileRow } from '../../catalog/model.ts';
import { type Card, cardOf } from '../../catalog/notices/card-of.ts';
import type { Post } from '../../catalog/notices/model.ts';
import { namesOf } from '../../slack/names.ts';
import type { Vault } from '../context.ts';

/** What a card in a channel, or a message about a gift, says now. */
export interface CardFacts extends Pick<Card, 'right'> {
  isGift: boolean;
  file: FileRow;
  /** Who shared or gave it. */
  userId: string;
  names: ReadonlyMap<string, string>;
}

/** What the post of a card or a gift says now. */
export async function cardFacts(
  { catalog, people }: Pick<Vault, 'catalog'> & { people: Pick<Vault['people'], 'person'> },
  post: Post,
): Promise<CardFacts> {
  const { fileId, actorId, right } = await cardOf(catalog, post);
  const file = await fileById(catalog, { teamId: post.teamId, fileId });
  if (file === undefined) throw new Error(`There is no file ${fileId}`);
  const userId = actorId ?? '';
  const names = await namesOf(people, [userId, file.uploaderId]);
  return { isGift: post.kind === 'gift', file, userId, names, right };
}
