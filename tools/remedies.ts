/** What to do, where there is more to say than the sentence does. For docs/errors.md. */
export const REMEDIES: Readonly<Record<string, string>> = {
  account_inactive: 'Nothing. A deactivated account may do nothing here, as in Slack.',
  admins_only: 'Ask a workspace admin, or have your member id added to `VAULT_ADMINS` or `VAULT_AUDITORS`.',
  already_trashed: 'Nothing, or `/vault trash` to restore it.',
  archived:
    'Restore the object in the bucket (for AWS: `aws s3api restore-object`), or take the prefix out of the lifecycle rule that archives it. See [storage.md](storage.md#storage-classes).',
  bad_hold: 'Correct the field that the sentence names, and send the form again.',
  bad_rules: 'Correct the field that the sentence names, and send the form again.',
  being_checked:
    'Wait a moment and press *Download* again. If it stays so, an admin looks at `/vault status`.',
  bot_removed: 'Type `/invite @ria-vault` in that channel. Nothing was lost.',
  closed_in_bucket:
    'An admin looks at the log: most often the key of the encryption does not let the bot decrypt (`kms:Decrypt`).',
  export_gone: 'Type `/vault export` again. Exports are kept for a limited time.',
  gone_from_bucket: 'An admin runs `npm run verify -- --repair`: what Slack still has is captured again.',
  malware_found: 'Leave it. If it is a false alarm, an admin presses *Release…* in its *Details*.',
  may_not_delete: 'Ask the person who uploaded the file, or an admin.',
  no_such_export: 'Type `/vault export` for one of your own.',
  no_such_file:
    'Look for it with `/vault find`. You find only what you could see in Slack; ask somebody in its channel.',
  no_such_hold: 'Look at `/vault hold` for those in force.',
  no_such_version: 'Open *Details* again: it lists the versions that are kept.',
  not_a_member: 'Join the channel in Slack, or ask somebody who is in it.',
  not_asked: 'Nothing.',
  not_checked:
    'An admin presses *Release…* in its *Details*, or gives the scanner higher limits (docs/scan.md).',
  not_confirmed: 'Type the file’s name as it is shown, or the word DELETE.',
  not_deletable: 'Ask an admin. Whoever may see holds finds it in `/vault hold`.',
  not_here: 'Choose a channel that you and the bot are in, or invite the bot.',
  not_in_channel: 'Type `/invite @ria-vault` in the channel, and try again.',
  not_running: 'Nothing: it has ended already.',
  not_stored: 'Look at *Details* or `/vault status` for why, and at `/vault trash` if it was deleted.',
  not_to_be_kept: 'Read the reason. An admin may change the rules of the channel (`/vault channel`).',
  not_trashed: 'Nothing, or `/vault list` to see it.',
  nothing_to_delete: 'Look at `/vault list` for what is stored.',
  nothing_to_release: 'Nothing, or wait until it was checked.',
  nothing_to_retry: 'Nothing.',
  outdated: 'Type the command again, and use the new message.',
  release_reason: 'Type the reason; the audit log keeps it.',
  purged: 'Nothing brings it back from the vault. It may still be in Slack.',
};
