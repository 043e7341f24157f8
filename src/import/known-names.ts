/** What the vault and Slack know by name. A layout that tells no ids asks for them. */
export interface KnownNames {
  /** The id of a person by user name or e-mail address; null if nobody has it, or several. */
  personNamed(name: string): Promise<string | null>;
  /** The id of a channel by its name; null if the vault knows none. */
  channelNamed(name: string): Promise<string | null>;
}
