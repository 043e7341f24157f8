import type { SlackApi } from './api.ts';
import { pagesOf } from './pages.ts';
import { idOf, objectsOf, textOf } from './shapes.ts';

interface Member {
  id?: unknown;
  name?: unknown;
  profile?: { email?: unknown };
}

/**
 * Finds people of the workspace by a name that others wrote down: the user name, or the e-mail address where Slack shows it. Names
 * that people choose for themselves do not count: anybody could call himself like somebody else, and get that one's files. Asks
 * Slack for everybody once. A name that two people have is nobody's. The function throws `SlackApiError`.
 */
export function personNamed(api: SlackApi): (name: string) => Promise<string | null> {
  let people: Promise<Map<string, string | null>> | undefined;
  return async (name) => {
    people ??= peopleByName(api);
    return (await people).get(name.trim().toLowerCase()) ?? null;
  };
}

async function peopleByName(api: SlackApi): Promise<Map<string, string | null>> {
  const found = new Map<string, string | null>();
  for await (const { members } of pagesOf(api, 'users.list', { limit: 200 })) {
    for (const { id: told, name, profile } of objectsOf<Member>(members)) {
      const id = idOf(told);
      const names = [name, profile?.email];
      for (const one of new Set(names.flatMap((each) => textOf(each)?.trim().toLowerCase() ?? [])))
        found.set(one, found.has(one) && found.get(one) !== id ? null : id);
    }
  }
  return found;
}
