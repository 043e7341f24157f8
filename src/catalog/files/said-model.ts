/** What a message says, as Slack wrote it. */
export interface Said {
  author: string | null;
  text: string;
  /** When it was last changed, else when it was sent, by Slack's clock (ms). */
  at: number;
  /** Not to be kept: it only takes the place of what was kept here before. */
  takesAway?: true;
}
