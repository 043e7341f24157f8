import type { Catalog } from '../catalog/db/open.ts';
import type { Said } from '../catalog/files/said-model.ts';
import { overridesAmong } from '../catalog/governance/rules.ts';
import type { SharedFile, Sighting } from '../catalog/model.ts';
import { keepsWords, type TextMode } from '../text-modes.ts';

/** The file without what Slack tells of it only for searches. The words spoken in a clip stay: Details show them. */
export function withoutOwnWords(file: SharedFile): SharedFile {
  if (file.facts === undefined) return file;
  const { altText, mailFrom, mailText, ...facts } = file.facts;
  return { ...file, facts };
}

/** A sighting where what was said is not kept. */
function withoutSaid({ file, share, ...rest }: Sighting): Sighting {
  const { said, rootSaid, ...place } = share;
  return { ...rest, file: withoutOwnWords(file), share: place };
}

/**
 * What an edit makes of words that are kept, where none are kept any more: they go, as they are not what the message says now. It
 * counts as a moment earlier, so that the same message brings its words once they are kept again, and is no edit of itself.
 */
function takenAway({ at }: Said): Said {
  return { author: null, text: '', at: at - 1, takesAway: true };
}

/** A sighting where what was said is not kept, but what was kept of it before follows an edit. */
export function withoutNewWords(sighting: Sighting): Sighting {
  const { said, rootSaid } = sighting.share;
  const { share, ...rest } = withoutSaid(sighting);
  return {
    ...rest,
    share: {
      ...share,
      ...(said && { said: takenAway(said) }),
      ...(rootSaid && { rootSaid: takenAway(rootSaid) }),
    },
  };
}

/** What was said in a channel, as far as it is kept there. */
export async function saidAsKept(
  catalog: Catalog,
  { teamId, channelId, text }: { teamId: string; channelId: string; text: TextMode | undefined },
  said: Said,
): Promise<Said> {
  return (await keepsIn(catalog, { teamId, channelId, text })) ? said : takenAway(said);
}

/** What was seen in one channel, as far as it keeps what was said there. */
export async function asKept(
  catalog: Catalog,
  { teamId, channelId, text }: { teamId: string; channelId: string; text: TextMode | undefined },
  seen: Sighting[],
): Promise<Sighting[]> {
  if (seen.length === 0) return seen;
  return (await keepsIn(catalog, { teamId, channelId, text })) ? seen : seen.map(withoutSaid);
}

async function keepsIn(
  catalog: Catalog,
  { teamId, channelId, text }: { teamId: string; channelId: string; text: TextMode | undefined },
): Promise<boolean> {
  const own = (await overridesAmong(catalog, teamId, [channelId])).get(channelId);
  return keepsWords(own?.text ?? text);
}
