import type { KnownBlock } from '@slack/types';
import { context, sectionsOf } from './kit/elements.ts';
import { sizeInWords } from './kit/size.ts';
import { channelName, growthSentence, type MonthAdded, type StatsInput } from './stats.ts';
import { stats as words } from './text/wording-stats.ts';

/** The vault in short: a person's own files, their largest channels, and how these grow. */
export type Glance = Pick<StatsInput, 'own' | 'channels'> & { growth: MonthAdded[] };

/** A few lines for App Home. None while there is nothing. */
export function glanceBlocks({ own, channels, growth }: Glance): KnownBlock[] {
  const lines = channels.map(({ name, files, bytes }) =>
    words.line(channelName(name), files, sizeInWords(bytes)),
  );
  const mine = own.files > 0 ? [words.yours(own.files, sizeInWords(own.bytes))] : [];
  return [
    ...sectionsOf([...mine, ...(lines.length > 0 ? [words.yourChannels, ...lines] : [])]),
    ...(lines.length > 0 ? [context(`${growthSentence(growth)}\n${words.more}`)] : []),
  ];
}
