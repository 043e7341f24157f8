import { UserError } from '../errors.ts';
import { isLasting } from './pages.ts';
import type { People } from './people.ts';

/**
 * The names by which Slack shows these people, by their ids. Whom Slack does not tell of, now and later, is left out.
 * Throws `SlackApiError` when the question can be asked again.
 */
export async function namesOf(
  people: Pick<People, 'person'>,
  userIds: Iterable<string | null>,
): Promise<Map<string, string>> {
  const wanted = [...new Set(userIds)].filter((id): id is string => id !== null && id !== 'vault');
  const found = await Promise.all(
    wanted.map(async (id) => [id, await nameOf(people, id)] as [string, string | null]),
  );
  return new Map(found.filter((entry): entry is [string, string] => entry[1] !== null));
}

async function nameOf(people: Pick<People, 'person'>, userId: string): Promise<string | null> {
  try {
    return (await people.person(userId)).name ?? null;
  } catch (error) {
    if (error instanceof UserError || isLasting(error)) return null;
    throw error;
  }
}
