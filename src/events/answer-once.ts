/** How many answers are remembered: deliveries come again, and nobody should get an answer twice. */
const REMEMBERED = 500;

/** Tells whether a message is to be answered: true the first time that it is asked about. */
export function createOnce(): (channelId: string, ts: string) => boolean {
  const answered = new Set<string>();
  return (channelId, ts) => {
    const key = `${channelId} ${ts}`;
    if (answered.has(key)) return false;
    answered.add(key);
    for (const oldest of answered) {
      if (answered.size <= REMEMBERED) break;
      answered.delete(oldest);
    }
    return true;
  };
}
