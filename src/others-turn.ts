/**
 * Lets everything else that waits have its turn, before long work goes on. An `await` of SQLite's answer is not enough:
 * SQLite answers in this same thread, at once.
 */
export function othersTurn(): Promise<void> {
  return new Promise((done) => setImmediate(done));
}
