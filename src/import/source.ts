import type { ChannelKind, Sighting } from '../catalog/model.ts';
import { placeholderId } from './placeholder-id.ts';

/** A conversation as an archive tells it. */
export interface Conversation {
  channelId: string;
  kind: ChannelKind;
  /** Null for a direct message, which has none. */
  name: string | null;
  isArchived: boolean;
  createdAt: number | null;
  /** The people of a direct message; they never change. Empty for everything else. */
  people: string[];
  /** It stands for all places of which nothing is said; its name is no channel's. */
  isUnknown?: true;
}

/** One file as an archive shows it, with where it was shared. */
export interface Found {
  sighting: Sighting;
  conversation: Conversation;
  /** Where its bytes are in the archive, if its id does not tell. */
  path?: string;
  /** Counts only if the archive showed the file nowhere before. */
  isElsewhere?: true;
}

/** A part of an archive that is read in one go: a day of a channel, a table. */
export interface FoundList {
  /** As it is named in a report. */
  path: string;
  /** All files in it, in their order. Throws `ImportError` or `SyntaxError` when it cannot be read to its end. */
  files(teamId: string): AsyncIterable<Found>;
}

/** What one workspace has in an archive. */
export interface ImportSource {
  /** As people read it in a file's Details: "the export of 2023-05-01". */
  from: string;
  /** The workspace; null if nothing says it. */
  teamId: string | null;
  /** It stands beside those of other workspaces. */
  isOneOfSeveral?: boolean;
  /** What several workspaces share: these, as far as the archive says which they are. */
  sharedBy?: ReadonlyArray<string | null>;
  conversations: number;
  /** How many lists there are. */
  listCount: number;
  /** All lists, made as they are asked for: there may be millions. */
  lists(): AsyncIterable<FoundList>;
}

/** Where files were shared of which an archive does not say it; `name` is that of the list or folder that has them. */
export const unknownPlace = (name: string): Conversation => ({ ...nowhere(name), isUnknown: true });

/** A conversation of which an archive tells the name alone. Nobody says who could see it, so it counts as private. */
export function nowhere(name: string): Conversation {
  return {
    ...{ channelId: placeholderId(name), kind: 'private', name },
    ...{ isArchived: false, createdAt: null, people: [] },
  };
}
