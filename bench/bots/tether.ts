/**
 * Loaded into a bot of the benchmark before its own code (`node --import`): answers whatever its parent sends with
 * what the process has used so far, and ends when the parent has.
 */
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuSeconds: (user + system) / 1e6, rssBytes: process.memoryUsage.rss() });
});
process.on('disconnect', () => process.exit(1));
// Otherwise the channel alone would keep a bot alive that is done.
process.channel?.unref();
