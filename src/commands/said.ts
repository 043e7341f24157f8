/** A message that somebody wrote to the bot. */
export interface Mention {
  userId: string;
  channelId: string;
  text: string;
  ts: string;
  threadTs?: string;
}
