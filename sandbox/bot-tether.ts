/**
 * Loaded into the bot before its own code (`node --import`): when the sandbox ends, in any way, it also ends the
 * bot. The channel to the sandbox carries no messages; only its end means something.
 */
process.on('disconnect', () => process.exit(1));
// Otherwise the channel alone would keep a finished bot alive.
process.channel?.unref();
