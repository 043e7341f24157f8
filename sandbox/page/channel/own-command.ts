/** What a refusal of one of Slack's own commands means, for the person who typed it. */
const REFUSALS: Record<string, string> = {
  user_not_found: 'Name somebody who is here, such as @ben.',
  already_in_channel: 'They are in this channel already.',
  not_in_channel: 'They are not in this channel.',
  cant_kick_self: 'To go yourself, type /leave.',
  channel_not_found: 'There is no such channel.',
  is_archived: 'This channel is archived.',
  method_not_supported_for_channel_type: 'This works in channels only.',
};

/** One line for the person: Slack's error code only if there is nothing better. */
export function refusalOf(command: string, code: string): string {
  const words = Object.hasOwn(REFUSALS, code) ? REFUSALS[code] : `Slack answered \`${code}\`.`;
  return `⚠️ \`${command}\` did nothing. ${words}`;
}
