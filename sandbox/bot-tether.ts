/**
 * Loaded into the bot before its own code (`node --import`): when the sandbox is gone, in whatever way, so is the
 * bot. The channel to the sandbox carries no messages; only its end means something.
 */
process.on('disconnect', () => process.exit(1));
// Otherwise the channel alone would keep a bot alive that is done.
process.channel?.unref();
