/**
 * Loaded into a bot of the benchmark before its own code (`node --import`): answers any message of its parent with
 * what the process has used so far, and ends when the parent ends.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(1));
// Otherwise the channel alone would keep a finished bot alive.
process.channel?.unref();
